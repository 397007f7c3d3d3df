"""Blueprints and forms, one module a group of screens. A module that has a `blueprint` is registered by being there."""

import pkgutil
from importlib import import_module

from flask import Blueprint, Flask

from scheduler.web import access, assets, errors, formats, rate_limits, security, shell


def init_web(app: Flask) -> None:
    """Register every blueprint, the guard before each view, the security headers and the error pages."""
    assets.init_assets(app)
    formats.init_formats(app)
    rate_limits.init_rate_limits(app)
    access.init_access(app)
    security.init_security(app)
    shell.init_shell(app)
    errors.init_errors(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)


def blueprints() -> list[Blueprint]:
    """The blueprints of this package's modules, in the order of the modules' names."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return [module.blueprint for module in modules if hasattr(module, "blueprint")]

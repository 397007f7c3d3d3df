"""The curriculum plan and the extracurricular plan kept as tables: hours a week of subjects and activities."""

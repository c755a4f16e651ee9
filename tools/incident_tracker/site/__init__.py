"""The look: tokens, stylesheet, script, fonts and the theme's few overridden parts."""

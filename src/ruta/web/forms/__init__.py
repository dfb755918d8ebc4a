"""The pages of a form: one subject a page, check the answers, file. The portal and the desk show the same.

They show and read; what is right, kept or filed is decided by `ruta.cases.drafts` and below. Every page works without
JavaScript; with it, answers are saved as they change and dependent questions appear at once. Where a form is begun,
and what is said once it is filed, is of the portal and of the desk (`sides`).
"""

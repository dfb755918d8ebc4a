"""The pages of a form: start, one subject a page, check the answers, file, pay.

They show and read; what is right, kept or filed is decided by `ruta.cases.drafts` and below. Every page works without
JavaScript; with it, answers are saved as they change and dependent questions appear at once.
"""

"""Messages to parties, in the folder and by e-mail, with proof of delivery and of opening.

It does not decide when to write nor what: the text arrives filled, as Markdown.
"""

"""Return for correction: an official says what to correct, the applicant corrects it, the legal terms wait meanwhile.

`asking` is the office's side, `answering` the applicant's, `lapsing` what the law makes of no answer (Ley 1755 de 2015,
art. 17; common facts §6.2). What a process draws itself as an outcome `return` is the process's, not this.
"""

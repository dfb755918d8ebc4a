"""How fast Ruta is, as ratios to what PostgreSQL and the CPU give in the same run: `python -m bench`.

Each measure is a module that gives `Figure`s; `stage` builds the country in a server of its own, thrown away at the
end. Nothing here asserts a time: a shared machine moves every absolute figure by a factor of two.
"""

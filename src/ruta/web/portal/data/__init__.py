"""Pages and files of open data: what was released, for anybody, without an account."""

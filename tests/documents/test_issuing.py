import pytest
from tests.documents.builders import an_output

from ruta.documents import store

pytestmark = pytest.mark.django_db


def test_smoke():
    o = an_output()
    data = store.read(o.pdf_sha256)
    open("/tmp/trust/c.pdf", "wb").write(data)
    print(len(data), o.code, o.public)

"""Files that are not tables here: what each is, by its first bytes, and what to do."""

import re
from collections.abc import Sequence

UNPACK = "unpack it and take the table that is in it"
NO_TABLE = "take the file that the table in it was made from"
EXPORT = "export its table as CSV or Parquet"
MODEL = "give it to 'servery serve' or 'servery publish', and a table here"
SAVE = "open it with a spreadsheet program and save it as .xlsx or CSV"

#: First bytes of files; what each is, and what to do.
BINARY: dict[bytes, tuple[str, str]] = {
    b"%PDF-": ("a PDF document", NO_TABLE),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", UNPACK),
    b"Rar!\x1a\x07": ("a RAR archive", UNPACK),
    b"\x04\x22\x4d\x18": ("packed by LZ4", "unpack it, or pack it by gzip"),
    b"\x89HDF\r\n\x1a\n": ("an HDF5 file", EXPORT),
    b"Obj\x01": ("an Avro file", "save it as Parquet"),
    b"FEA1": ("a Feather file of version 1", "save it with pandas.DataFrame.to_feather"),
    b"PK\x05\x06": ("an empty archive", "pack the table into it again"),
    b"{\\rtf": ("an RTF document", NO_TABLE),
    b"version https://git-lfs": ("a pointer of Git LFS", "get the file itself by 'git lfs pull'"),
    b"$FL2@(#)": ("an SPSS file", "save it as CSV or Excel in SPSS, or with pandas.read_spss"),
    b"$FL3@(#)": ("an SPSS file", "save it as CSV or Excel in SPSS, or with pandas.read_spss"),
    b"<stata_dta>": ("a Stata file", "save it as CSV in Stata, or with pandas.read_stata"),
    b"RDX2\n": ("an R file", "save its table in R with write.csv"),
    b"RDX3\n": ("an R file", "save its table in R with write.csv"),
    b"X\n\x00\x00\x00": ("an R file", "save its table in R with write.csv"),
    b"HEADER RECORD*******LIBRARY": ("a SAS transport file", "save it as CSV in SAS"),
    b"\x00" * 12 + b"\xc2\xea\x81\x60": ("a SAS file", "save it as CSV, or with pandas.read_sas"),
    b"\x00\x01\x00\x00Standard ": ("an Access database", "export its table as CSV"),
    b"\x93NUMPY": ("a NumPy array", "save it as CSV with the names of its columns"),
    **{
        b"\x80" + bytes([version]): ("a pickle, such as a model file", MODEL)
        for version in range(2, 6)
    },
    b"\x89PNG\r\n\x1a\n": ("a PNG picture", NO_TABLE),
    b"\xff\xd8\xff": ("a JPEG picture", NO_TABLE),
    b"GIF87a": ("a GIF picture", NO_TABLE),
    b"GIF89a": ("a GIF picture", NO_TABLE),
    b"II*\x00": ("a TIFF picture", NO_TABLE),
}
#: The beginning of compound files of Microsoft, and what the names in them say.
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
COMPOUNDS: dict[str, tuple[str, str]] = {
    "EncryptedPackage": (
        "a workbook with a password",
        "open it with a spreadsheet program and save it as .xlsx, without a password",
    ),
    "WordDocument": ("a Word document", NO_TABLE),
}
OTHER_COMPOUND = (
    "a Microsoft Office file such as a .doc, a workbook with a password, or a damaged one",
    "open it with a spreadsheet program and save it as .xlsx, without a password",
)
#: Members of archives; what each is, and what to do.
ARCHIVES: dict[str, tuple[str, str]] = {
    "word/document.xml": ("a Word document", NO_TABLE),
    "ppt/presentation.xml": ("a presentation", NO_TABLE),
    "Index/Document.iwa": ("a Numbers spreadsheet", "export it as Excel or CSV"),
    "Index.zip": ("a Numbers spreadsheet", "export it as Excel or CSV"),
}
MARKUP = re.compile(
    rb"\s*<(?:!doctype html\b|!--|(?:html|head|body|meta|table|div|style)\b)", re.IGNORECASE
)
XML = re.compile(rb"\s*<\?xml\b")
#: The name alone could begin a header.
ORC = re.compile(rb"ORC[^\w ,;|\t].{0,12}[\x00-\x08]", re.DOTALL)
TAR_AT, TAR = 257, b"ustar"


def described(sample: bytes) -> tuple[str, str] | None:
    """Return what a file is that begins so, and what to do; None where it may be a table."""
    for start, found in BINARY.items():
        if sample.startswith(start):
            return found
    if sample[TAR_AT : TAR_AT + len(TAR)] == TAR:
        return "a tar archive", UNPACK
    if ORC.match(sample):
        return "an ORC file", "save it as Parquet, such as with pandas.read_orc and to_parquet"
    start = sample.removeprefix(b"\xef\xbb\xbf")
    if MARKUP.match(start):
        return "an HTML page", SAVE
    if XML.match(start):
        return "an XML document", SAVE
    return None


def described_compound(streams: bytes) -> tuple[str, str] | None:
    """Return what a compound file with streams of these names is, and what to do."""
    named = (found for name, found in COMPOUNDS.items() if has_stream(streams, name))
    return next(named, None)


def has_stream(streams: bytes, name: str) -> bool:
    """Return whether a name is among those of the streams of a compound file."""
    return f"{name}\0".encode("utf-16-le") in streams


def described_archive(members: Sequence[str]) -> tuple[str, str] | None:
    """Return what an archive with these members is, and what to do."""
    arrays = [member for member in members if member.endswith(".npy")]
    if "schema.json" in members and len(members) == 1 + len(arrays):
        return "a model file of skops", MODEL
    if arrays:
        return "an archive of NumPy arrays", "save them as CSV with the names of their columns"
    return next((found for member, found in ARCHIVES.items() if member in members), None)

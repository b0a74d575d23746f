"""The imprint: what a press file says of itself, in its document information and in its XMP alike.

ISO 15930-7 (PDF/X-4) identifies a file by XMP (ISO 32000-1:2008, 14.3.2), which must not contradict the information
dictionary (14.3.3). Both come from the job, so that the same job gives the same bytes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from xml.sax.saxutils import escape

from notegen.ink import pdf

VERSION = "PDF/X-4"
CREATOR, PRODUCER = "Hournote", "notegen"
TRAPPED = "False"

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
  xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmpMM:DocumentID>uuid:{document}</xmpMM:DocumentID>
<xmpMM:InstanceID>uuid:{document}</xmpMM:InstanceID>
<xmpMM:VersionID>1</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Trapped>{trapped}</pdf:Trapped>
<pdfxid:GTS_PDFXVersion>{version}</pdfxid:GTS_PDFXVersion>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class Imprint:
    """The title of a file, when its order was made, and the 16 bytes of its /ID."""

    title: str
    moment: datetime
    identity: bytes

    @property
    def info(self) -> bytes:
        """The information dictionary, as the body of an object."""
        moment = pdf.date(self.moment)
        body = b"<</Title%b/Creator%b/Producer%b/CreationDate%b/ModDate%b/Trapped/%b/GTS_PDFXVersion%b>>"
        words = (pdf.text(self.title), pdf.text(CREATOR), pdf.text(PRODUCER), moment, moment)
        return body % (*words, TRAPPED.encode(), pdf.text(VERSION))

    @property
    def xmp(self) -> bytes:
        """The metadata stream, as the body of an object, unfiltered so that any tool can read it."""
        packet = _PACKET.format(
            title=escape(self.title),
            moment=self.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            document=UUID(bytes=self.identity),
            creator=CREATOR,
            producer=PRODUCER,
            trapped=TRAPPED,
            version=VERSION,
        ).encode()
        return b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%b\nendstream" % (len(packet), packet)

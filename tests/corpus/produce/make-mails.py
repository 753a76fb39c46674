"""Writes mails as Outlook, Gmail and a mailing list of the nineties wrote them. Usage: make-mails.py FOLDER"""
import base64
import pathlib
import quopri
import sys

out = pathlib.Path(sys.argv[1])
crlf = lambda s: s.replace('\n', '\r\n').encode('ascii')
# Outlook: multipart/related > alternative, windows-1252 quoted-printable, Word's HTML, inline picture.
plain = "Dear colleagues,\n\nthe crane inspection is on Wednesday, 8 April – bring helmets. It costs € 1,150.\n\n•\tCrane 2: 09:00\n•\tCrane 4: 10:30\n\nKind regards\nHelena Öst\n"
html = '''<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv="Content-Type" content="text/html; charset=windows-1252"><meta name="Generator" content="Microsoft Word 15 (filtered medium)">
<style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;} --></style>
<!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit" spidmax="1026" /></xml><![endif]--></head>
<body lang="EN-GB" link="#0563C1"><div class="WordSection1">
<p class="MsoNormal">Dear colleagues,<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>
<p class="MsoNormal">the crane inspection is on <b>Wednesday, 8 April</b> – bring helmets. It costs € 1,150.<o:p></o:p></p>
<ul type="disc"><li class="MsoListParagraph">Crane 2: 09:00<o:p></o:p></li><li class="MsoListParagraph">Crane 4: 10:30<o:p></o:p></li></ul>
<p class="MsoNormal">Kind regards<o:p></o:p></p><p class="MsoNormal">Helena Öst<o:p></o:p></p>
<p class="MsoNormal"><img width="96" height="32" src="cid:image001.png@01DA1234.5678ABCD"><o:p></o:p></p></div></body></html>
'''
qp = lambda s: quopri.encodestring(s.encode('cp1252')).decode('ascii')
png = base64.encodebytes(bytes.fromhex('89504e470d0a1a0a0000000d4948445200000001000000010806000000' '1f15c4890000000d49444154789c63f8cfc0f01f0005000180' '8d1b5e9b0000000049454e44ae426082')).decode()
(out/'hand-outlook.eml').write_bytes(crlf(f'''Received: from MAIL01.port.example (10.1.2.3) by MAIL02.port.example with Microsoft SMTP Server; Mon, 30 Mar 2026 08:12:44 +0000
From: =?iso-8859-1?Q?Helena_=D6st?= <helena.oest@port.example>
To: "Crane team" <cranes@port.example>
CC: =?iso-8859-1?Q?J=F6rn_Lindstr=F6m?= <joern@port.example>
Subject: =?iso-8859-1?Q?Crane_inspection_=96_helmets?=
Thread-Topic: Crane inspection
Date: Mon, 30 Mar 2026 08:12:41 +0000
Message-ID: <AM0PR01MB1234.port.example>
X-MS-Has-Attach: yes
Content-Type: multipart/related; boundary="_004_AM0PR01MB_"; type="multipart/alternative"
MIME-Version: 1.0

--_004_AM0PR01MB_
Content-Type: multipart/alternative; boundary="_000_AM0PR01MB_"

--_000_AM0PR01MB_
Content-Type: text/plain; charset="Windows-1252"
Content-Transfer-Encoding: quoted-printable

{qp(plain)}
--_000_AM0PR01MB_
Content-Type: text/html; charset="Windows-1252"
Content-Transfer-Encoding: quoted-printable

{qp(html)}
--_000_AM0PR01MB_--

--_004_AM0PR01MB_
Content-Type: image/png; name="image001.png"
Content-Description: image001.png
Content-Disposition: inline; filename="image001.png"; size=67
Content-ID: <image001.png@01DA1234.5678ABCD>
Content-Transfer-Encoding: base64

{png}
--_004_AM0PR01MB_--
'''))
# Gmail: base64 UTF-8, quoted earlier mail, attachment.
b64 = lambda s: base64.encodebytes(s.encode()).decode()
quoted = "Sure, Thursday works – the keys are under the blue pot. 🌊\n\nOn Tue, 31 Mar 2026 at 17:20, Rosa Lindqvist <rosa@sauna.example> wrote:\n> Can we heat the sauna on Thursday?\n> We would be seven people.\n"
ghtml = '<div dir="ltr">Sure, Thursday works – the keys are under the <b>blue pot</b>. 🌊</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Tue, 31 Mar 2026 at 17:20, Rosa Lindqvist &lt;<a href="mailto:rosa@sauna.example">rosa@sauna.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">Can we heat the sauna on Thursday?<br>We would be seven people.<br></blockquote></div>\n'
rules = "# Sauna rules\n\n1. Shower first.\n2. Wood is in the shed, 12 logs per evening.\n"
(out/'hand-gmail.eml').write_bytes(crlf(f'''MIME-Version: 1.0
References: <CAF1@mail.sauna.example>
In-Reply-To: <CAF1@mail.sauna.example>
From: =?UTF-8?B?{base64.b64encode('Åse Nordström'.encode()).decode()}?= <aase@sauna.example>
Date: Tue, 31 Mar 2026 19:02:10 +0200
Message-ID: <CAF2@mail.sauna.example>
Subject: =?UTF-8?B?{base64.b64encode('Re: Sauna am Donnerstag – 7 Gäste'.encode()).decode()}?=
To: Rosa Lindqvist <rosa@sauna.example>
Content-Type: multipart/mixed; boundary="000000000000aa11bb"

--000000000000aa11bb
Content-Type: multipart/alternative; boundary="000000000000aa11b9"

--000000000000aa11b9
Content-Type: text/plain; charset="UTF-8"
Content-Transfer-Encoding: base64

{b64(quoted)}
--000000000000aa11b9
Content-Type: text/html; charset="UTF-8"
Content-Transfer-Encoding: base64

{b64(ghtml)}
--000000000000aa11b9--
--000000000000aa11bb
Content-Type: text/markdown; charset="US-ASCII"; name="rules.md"
Content-Disposition: attachment; filename="rules.md"
Content-Transfer-Encoding: base64
X-Attachment-Id: f_m1

{b64(rules)}
--000000000000aa11bb--
'''))
# A mailing list's plain mail of the nineties: raw 8-bit latin-1, format=flowed, signature.
(out/'hand-list-latin1.eml').write_bytes('''From owner-kites@list.example Sat Mar  7 10:00:00 1998
From: Søren Æbelø <soren@kite.example>
To: kites@list.example
Subject: [kites] =?ISO-8859-1?Q?Line_for_strong_wind_=28sp=F8rgsm=E5l=29?=
Date: Sat, 7 Mar 1998 09:59:12 +0100
MIME-Version: 1.0
Content-Type: text/plain; charset=ISO-8859-1; format=flowed
Content-Transfer-Encoding: 8bit

Hej alle,

which line do you take above 6 Beaufort? I broke two lines of 80 kg 
on Rømø last Sunday, both of them at the knot.

Thor wrote:
> Braided ones stretch less.
> They cost more, too.

Mange hilsner
Søren
-- 
Kites of Rømø, Havnebyvej 12
'''.replace('\n','\r\n').encode('latin-1'))

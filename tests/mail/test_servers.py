"""The servers that the mail tests use do what the tests believe of them."""

import imaplib
import poplib
import smtplib
import ssl

import pytest

from proxy import Cut, Proxy
from servers import HOST, PASSWORD, Dovecot
from smtp_server import PostOffice

MAIL = b"From: a@example.invalid\r\nSubject: x\r\nMessage-ID: <1@example.invalid>\r\n\r\nhello\r\n"


def test_a_mail_sent_with_starttls_is_read_over_imap_and_pop3(
    dovecot: Dovecot, post_office: PostOffice, user: str
) -> None:
    context = ssl.create_default_context()
    with smtplib.SMTP(HOST, post_office.starttls, timeout=20) as line:
        line.starttls(context=context)
        line.login("office@example.invalid", PASSWORD)
        line.sendmail("a@example.invalid", [user], MAIL)
    with smtplib.SMTP_SSL(HOST, post_office.tls, timeout=20, context=context) as line:
        line.login("office@example.invalid", PASSWORD)
        line.sendmail("a@example.invalid", [user], MAIL)
    assert [each.recipients for each in post_office.received] == [[user], [user]]
    assert post_office.received[0].message_id == "<1@example.invalid>"
    with imaplib.IMAP4_SSL(HOST, dovecot.imaps, ssl_context=context, timeout=20) as imap:
        imap.login(user, PASSWORD)
        assert imap.select("INBOX", readonly=True)[1] == [b"2"]
    pop3 = poplib.POP3_SSL(HOST, dovecot.pop3s, context=context, timeout=20)
    pop3.user(user)
    pop3.pass_(PASSWORD)
    assert pop3.stat()[0] == 2
    pop3.quit()
    assert len(dovecot.messages(user)) == 2


def test_the_proxy_cuts_where_it_is_told(dovecot: Dovecot, user: str) -> None:
    dovecot.put(user, MAIL)
    for way in ("rst", "fin", "stall"):
        with Proxy(dovecot.imap, [Cut("server", rb"\* \d+ EXISTS\r\n", "after", way)]) as proxy:
            imap = imaplib.IMAP4(HOST, proxy.port, timeout=1)
            imap.login(user, PASSWORD)
            with pytest.raises((OSError, imaplib.IMAP4.abort)):
                imap.select("INBOX", readonly=True)
            assert proxy.cuts == 1
            imap.shutdown()

"""A text and its targets → what became of it: the only room that speaks to other machines.

An address is a secret: it is never printed, never part of a message of ours, and what the library
below says about a failure is looked at for its kind and then dropped, for it may repeat an address.
"""

from __future__ import annotations

import logging
import re
import smtplib
import ssl
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from queue import Empty, Queue
from threading import Thread, get_ident
from time import monotonic
from typing import TYPE_CHECKING
from warnings import catch_warnings, filterwarnings, simplefilter

if TYPE_CHECKING:
    from apprise import NotifyBase

ANSWERED = re.compile(r"error=([345][0-9]{2})\b")
ANOTHER = re.compile(r"[\s,;][\s,;]*[a-z][a-z0-9+.-]*:/", re.IGNORECASE)
SENT = re.compile(r"Sent ")
REDIRECTED, CLIENT_ERROR, SERVER_ERROR, SERVICE_UNAVAILABLE = 300, 400, 500, 503
LONGER = 5
"""Seconds by which a connection may outlast the wait, so that it is the wait that ends it."""
# Exceptions of the library's own dependencies, by name: none of them is imported for it.
NO_CONNECTION = (
    "ConnectTimeout",
    "ConnectTimeoutError",
    "NewConnectionError",
    "NameResolutionError",
    "InvalidURL",
)
REFUSED_BY_MAIL = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)


class Fate(StrEnum):
    """What became of a text."""

    SENT = "sent"
    NOT_SENT = "not sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a text at one target, and what is known of the reason."""

    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that is understood; it does not show itself."""

    _plugin: NotifyBase = field(repr=False)


def target_at(address: str) -> Target | None:
    """Return the target at an address, None where it is none that Apprise understands."""
    with _overheard(), catch_warnings():
        simplefilter("ignore")  # the library's own affairs, on importing it
        from apprise import Apprise, AppriseAsset, PersistentStoreMode  # noqa: PLC0415 # slow

        asset = AppriseAsset(
            app_id="incident-tracker",
            async_mode=False,
            secure_logging=True,
            storage_mode=PersistentStoreMode.MEMORY,
        )
        plugin = Apprise.instantiate(address.strip(), asset=asset, suppress_exceptions=True)
    if plugin is None:
        return None
    plugin.retry = 0  # what may have arrived is sent again by people only
    plugin.redirects = False  # who follows one asks elsewhere, without the text
    return Target(plugin)


def holds_several(address: str) -> bool:
    """Whether there seem to be two addresses in one, of which the second would get nothing."""
    return ANOTHER.search(address.strip()) is not None


def send(
    targets: Mapping[str, Target], letters: Mapping[str, tuple[str, str]], wait: timedelta
) -> Iterator[tuple[str, Outcome]]:
    """Send each target its letter, at once; yield each name with its outcome as it is known.

    A letter is a subject and a body, by the name of its target.
    """
    results: Queue[tuple[str, Outcome]] = Queue()

    def one(name: str, target: Target) -> None:
        results.put((name, _send(target, *letters[name])))

    # One about certificates would name the host.
    filterwarnings("ignore", module="urllib3")
    for name, target in targets.items():
        # As daemons they hold nobody up who has waited long enough.
        _wait_as_long(target, wait)
        Thread(target=one, args=(name, target), daemon=True).start()
    missing, end = dict.fromkeys(targets), monotonic() + wait.total_seconds()
    while missing:
        try:
            name, outcome = results.get(timeout=max(0, end - monotonic()))
        except Empty:
            break
        del missing[name]
        yield name, outcome
    for name in missing:
        yield name, Outcome(Fate.UNKNOWN, f"no answer within {wait.total_seconds():g} s")


def _wait_as_long(target: Target, wait: timedelta) -> None:
    """Let an answer come as late as the wait allows, where the address does not say how late."""
    plugin, seconds = target._plugin, wait.total_seconds() + LONGER  # noqa: SLF001 # its own module
    if plugin.socket_read_timeout == type(plugin).socket_read_timeout:
        plugin.socket_read_timeout = seconds
    # Mail knows one time-out, by this name, for the whole of its conversation.
    is_mail = hasattr(plugin, "smtp_host")
    if is_mail and plugin.socket_connect_timeout == type(plugin).socket_connect_timeout:
        plugin.socket_connect_timeout = seconds


def _send(target: Target, subject: str, body: str) -> Outcome:
    with _overheard() as heard:
        try:
            # Plain text, as it stands: no mark in it is taken for a format.
            done = target._plugin.notify(body=body, title=subject, body_format="text")  # noqa: SLF001 # its own module
        except Exception as error:  # noqa: BLE001 # whatever it is, it must not show an address
            return _outcome_of(error)
    if done:
        return Outcome(Fate.SENT)
    return heard.outcome


@dataclass(slots=True)
class _Heard:
    """What one thread's sending let be known of a failure."""

    outcome: Outcome = Outcome(Fate.UNKNOWN, "no clear answer")
    sent_some: bool = False

    def take(self, record: logging.LogRecord) -> None:
        error, message = sys.exc_info()[1], record.getMessage()
        answered = ANSWERED.search(message)
        self.sent_some = self.sent_some or SENT.match(message) is not None
        if error is not None:
            self.outcome = _outcome_of(error)
        elif answered:
            self.outcome = _outcome_of_answer(int(answered[1]))
        elif message.startswith("SMTP recipient"):
            self.outcome = Outcome(Fate.NOT_SENT, "the server refused the recipient")
        if self.sent_some and self.outcome.fate is Fate.NOT_SENT:
            self.outcome = Outcome(Fate.UNKNOWN, "it reached some of its recipients")


def _outcome_of_answer(status: int) -> Outcome:
    # A server that fails, or leads elsewhere, may have taken the text first; one that is not in
    # service has not.
    is_sure = CLIENT_ERROR <= status < SERVER_ERROR or status == SERVICE_UNAVAILABLE
    elsewhere = ", another address" if REDIRECTED <= status < CLIENT_ERROR else ""
    why = f"the server answered {status}{elsewhere}"
    return Outcome(Fate.NOT_SENT if is_sure else Fate.UNKNOWN, why)


def _outcome_of(error: BaseException) -> Outcome:
    """What an exception means: not sent only where nothing can have been taken."""
    chain = list(_chain(error))
    if any(isinstance(one, REFUSED_BY_MAIL) for one in chain):
        return Outcome(Fate.NOT_SENT, "the server refused it")
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain):
        return Outcome(Fate.NOT_SENT, "no safe connection")
    names = {type(one).__name__ for one in chain}
    if names & set(NO_CONNECTION) or any(isinstance(e, ConnectionRefusedError) for e in chain):
        return Outcome(Fate.NOT_SENT, "no connection")
    if any(type(one).__name__ == "gaierror" for one in chain):
        return Outcome(Fate.NOT_SENT, "no such host")
    if any("Timeout" in name or name == "timeout" for name in names):
        return Outcome(Fate.UNKNOWN, "no answer in time")
    return Outcome(Fate.UNKNOWN, "the connection broke")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception with what it wraps, by cause, context, argument or reason."""
    seen: list[BaseException] = []
    left: list[object] = [error]
    while left:
        one = left.pop()
        if not isinstance(one, BaseException) or any(one is known for known in seen):
            continue
        seen.append(one)
        yield one
        left += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]


@contextmanager
def _overheard() -> Iterator[_Heard]:
    """Hear what the library logs in this thread, and let nothing of it out."""
    heard, thread = _Heard(), get_ident()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == thread:
                heard.take(record)

    logger, ear = logging.getLogger("apprise"), Ear(logging.DEBUG)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())  # else a late word would go to standard error
    logger.addHandler(ear)
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        logger.removeHandler(ear)

"""The texts that invented records are made of; gaps are filled in with the numbers of a story."""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = ("asha", "bo", "chen", "dana", "erin", "finn", "gil")
"""Invented, as everywhere in this repository."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Area:
    """What can be broken, and how it is spoken of."""

    id: str
    name: str
    kind: str
    runbook: str
    symptoms: tuple[str, ...]
    titles: tuple[str, ...]
    told: tuple[str, ...]


def _area(id_: str, name: str, kind: str, runbook: str, does: str) -> Area:
    return Area(
        id=id_,
        name=name,
        kind=kind,
        runbook=runbook,
        symptoms=(
            f"slow answers, {does} takes more than {{seconds}} s at {{percent}} % of the tries",
            f"errors above {{percent}} % when somebody wants to {does}",
            f"empty page in {{count}} of the last ten thousand tries to {does}",
            f"timeout on {{host}}, nobody can {does} through that machine",
            f"probe fails since three rounds, a trial to {does} ends with status 502",
        ),
        titles=(
            f"{name} answers slowly",
            f"{name} shows an empty page",
            f"{name} refuses every third request",
            f"{name} cannot be reached from phones",
            f"Errors while people {does}",
        ),
        told=(
            f"Some people cannot {does} at the moment, a second try mostly helps.",
            f"About {{percent}} % of those who want to {does} see an error page.",
            f"It takes about {{seconds}} seconds to {does}, nothing that was sent is lost.",
            f"{name} works again for most visitors, a few still have to wait some seconds.",
            f"Whoever tried to {does} between the alert and now has to do it once more.",
        ),
    )


AREAS = (
    _area("website", "Website", "disruption", "site-down", "open the start page"),
    _area("news", "News", "disruption", "site-down", "read a press release"),
    _area("search", "Search", "performance", "performance-degradation", "search for an event"),
    _area("media", "Pictures", "performance", "performance-degradation", "upload a picture"),
    _area("donations", "Donations", "deployment", "failed-deployment", "donate"),
    _area("payments", "Card payments", "anomaly", "failed-deployment", "pay with a card"),
    _area("events", "Event sign-up", "deployment", "failed-deployment", "sign up for an event"),
    _area("volunteers", "Volunteer portal", "data", "database-failure", "choose a shift"),
    _area("newsletter", "Newsletter", "deployment", "failed-deployment", "confirm an address"),
    _area("admin", "Administration", "user-report", "site-down", "publish a draft"),
    _area("database", "Database", "data", "database-failure", "save a change"),
)

CAUSES = tuple(
    f"{what}-{how}"
    for what in (
        "cache-rule",
        "certificate",
        "connection-pool",
        "disk",
        "migration",
        "plug-in",
        "queue",
        "quota",
        "time-limit",
        "worker-setting",
    )
    for how in (
        "changed-unseen",
        "expired",
        "filled-up",
        "forgotten",
        "too-small",
        "untested",
        "without-alert",
        "wrong-order",
    )
)

FOUND = (
    "release {release} went out a quarter of an hour before",
    "the queue of {host} held {count} jobs and grew",
    "two of three machines answered as always",
    "the same request worked from the office and failed from outside",
    "{count} visitors saw the error page in ten minutes",
    "nobody had written down what the old value was",
    "the alert came {seconds} minutes later than it could have come",
    "the vendor's status page said nothing of it",
    "the backup of the night was whole and could be read",
    "{percent} % of the requests came from one network",
    "the setting had been changed on a machine and not in the repository",
    "the trial in the staging copy had used other data",
)

CHECKS = (
    "{host} at {percent} % of its memory, errors back to {seconds} an hour",
    "commit {commit} of this morning touches exactly that line",
    "median {seconds}0 ms over {count} requests, limit 800 ms",
    "{count} lines of the same warning in the log of {host}, none of them new",
    "three trials by hand on two phones, all of them whole",
    "no slow query above {seconds} s, replica {seconds} s behind",
    "the graph of the last week shows the same step on Monday",
    "{count} requests since then, {percent} of them refused as they should be",
    "the same version {release} on all machines, checksums compared",
    "the edge cache answers {percent} % itself, as on other days",
    "ticket {ticket} of the vendor describes the same sight",
    "a restart of {host} alone changes nothing",
)

ASIDES = (
    "{count} mails in the inbox of the help desk, one answer for all of them prepared",
    "the vendor calls back, ticket {ticket}, a colleague looks at it now",
    "graph of the last hour copied into the channel, errors still at {percent} %",
    "second pair of eyes on commit {commit}, nothing else in it looks suspicious",
    "{host} taken out of the balance for a minute, the others carry it",
    "field office asks whether it can go on working; it can, slowly",
    "a trial in the staging copy with release {release} shows the same error",
    "found an older note about {area} in the wiki, it describes another version",
    "{seconds} people in the channel, those without a task asked to leave it",
    "the log of {host} rotated just now, the older part is kept beside it",
    "editors told to save their texts elsewhere for half an hour",
    "compared the settings of {host} with those of its neighbour, one line differs",
)

TASKS = (
    "go back to release {release} on {host}",
    "raise the limit to {count} and write it into the repository",
    "clear the edge cache for {area} alone",
    "restart the workers of {host} one after the other",
    "add an alert at {percent} % of the limit",
    "write the check of commit {commit} into the deployment's list",
    "ask the vendor about ticket {ticket} again",
    "move the job from noon to the night",
    "take {host} out of the balance and look at it tomorrow",
    "test {area} with the traffic of a busy evening",
    "describe the way back in the runbook",
    "count the lost requests in the log and call those people",
)

LESSONS = (
    "A limit that nobody sees is reached on the worst day.",
    "What was tried on other data was not tried.",
    "The second alert told more than the first, and it came too late.",
    "A setting that stands in one place only cannot be wrong in two.",
    "Going back was faster than understanding, and it was right to go back.",
    "Whoever changes {area} tells the person on call before, not after.",
    "The list for deployments asks for this now, with an example.",
    "We looked for {seconds} minutes at a graph whose scale had changed.",
    "One of us knew the answer and was asked last.",
    "The vendor is asked at once from now on, whatever its status page says.",
)

"""A letter that concerns a registered contract: which one, which of its clauses, and what the letter says in short."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from bots.contracts.codes import doubt
from bots.contracts.deviation.parties import short_name
from bots.contracts.dossier import counterparties
from bots.contracts.judging import ContractOffice
from bots.contracts.nouns import ContractItem, Excerpt
from bots.contracts.readings import is_there
from workitems.dossiers import Dossier
from workitems.items import Clause, Decision, Doubt
from workitems.work import Outcome

STEP = "register_contracts"
MOST_EXCERPTS, MOST_SENTENCES = 3, 3
_CONCERNS = 2.0  # score from which a letter is about a contract
_HEAD = ("Document Name", "Parties", "Agreement Date")
_QUOTED = 85  # similarity, per cent, of a sentence that is quoted
_STOP = frozenset(
    """the a an of to in and or for by on with this that is are be shall will may not any all such as at from it its we
    you our your i have has would which under""".split()  # noqa: SIM905 - a list of words
)
TOPICS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"terminat|cancel|notice|kündig|résili", ("Termination For Convenience", "Notice Period To Terminate Renewal")),
    (
        r"renew|extend|extension|prolong|expir",
        ("Renewal Term", "Notice Period To Terminate Renewal", "Expiration Date"),
    ),
    (r"liab|damage|loss|claim|indemn", ("Cap On Liability", "Uncapped Liability", "Liquidated Damages")),
    (r"audit|inspect|books and records", ("Audit Rights",)),
    (r"assign|transfer of the (?:contract|agreement)|merger|successor", ("Anti-Assignment", "Change Of Control")),
    (r"acqui|takeover|shareholder|control", ("Change Of Control", "Anti-Assignment")),
    (r"exclusiv|sole supplier", ("Exclusivity",)),
    (r"compet", ("Non-Compete", "Exclusivity")),
    (r"price|fee increase|discount|rate", ("Price Restrictions", "Most Favored Nation")),
    (r"minimum|quantit|volume|purchase commitment", ("Minimum Commitment", "Volume Restriction")),
    (r"warrant|defect|fault", ("Warranty Duration",)),
    (r"licen[cs]e|users|seats", ("License Grant", "Non-Transferable License")),
    (r"insur", ("Insurance",)),
    (r"source code|escrow", ("Source Code Escrow",)),
    (r"court|law|jurisdiction|dispute", ("Governing Law",)),
    (r"intellectual|patent|ownership|invention", ("Ip Ownership Assignment", "Joint Ip Ownership")),
)
_SPEAKS = re.compile(
    r"\b(?:we hereby|please|request|ask|require|intend|propose|claim|demand|confirm|notice|terminate|renew|by no later|"
    r"within \d|deadline|deviat|object|reserve)\b",
    re.IGNORECASE,
)
_GREETING = re.compile(r"^(?:dear|hello|hi|sehr geehrte|kind regards|best regards|yours|sincerely|sent from)\b", re.I)


def answer_letter(item: ContractItem, office: ContractOffice) -> Outcome:
    """To a person, with the clause; done where a person has accepted it."""
    if any(a.field == "confirm" and a.value in ("contract_letter", "letter_unclear") for a in item.answers):
        done = item.model_copy(update={"route": "straight", "ended": "answered", "doubts": _warned(item.doubts)})
        return _outcome(done)
    concerned = concerns(item, office)
    summary = summary_of(item.letter)
    if concerned is None:
        told = doubt("letter_unclear", "The letter speaks of a contract, but no contract in the register fits it.")
        return _outcome(item.model_copy(update={"route": "review", "doubts": (told,), "summary": summary}))
    excerpts = excerpts_of(item.letter, concerned)
    title = concerned.body.get("title") or concerned.body.get("document")
    about = ", ".join(dict.fromkeys(e.category.lower() for e in excerpts)) or "no clause in particular"
    others = "; ".join(counterparties(concerned.body, office.house.names))
    message = f"The letter concerns “{title}”{f' with {others}' if others else ''}: {about}."
    made = {
        "route": "review",
        "doubts": (doubt("contract_letter", message),),
        "summary": summary,
        "excerpts": excerpts,
        "dossier": concerned.id,
    }
    return _outcome(item.model_copy(update=made))


def concerns(item: ContractItem, office: ContractOffice) -> Dossier | None:
    """The registered contract that a letter is about: by its parties, title and sender, and by what it quotes."""
    about = item.document.mail
    text = f"{about.subject or ''}\n{item.letter}"
    sender = about.sender or ""
    scored = [(_score(text, sender, each, office.house.names), each) for each in office.register.all("active")]
    best = max(scored, key=lambda pair: (pair[0], pair[1].updated_at), default=None)
    return best[1] if best is not None and best[0] >= _CONCERNS else None


def _score(text: str, sender: str, dossier: Dossier, ours: Sequence[str]) -> float:
    low, score = text.casefold(), 0.0
    title = str(dossier.body.get("title") or "")
    if title and fuzz.partial_ratio(title.casefold(), low) >= 92:
        score += 1.5
    for party in counterparties(dossier.body, ours):
        name = short_name(party).casefold()
        if name in low:
            score += 1.5
        elif name.split(" ", maxsplit=1)[0] in sender.casefold():
            score += 1.0
    quoted = any(_is_quoted(text, c.text) for c in _clauses(dossier))
    return score + 2.5 * quoted


def excerpts_of(letter: str, dossier: Dossier) -> tuple[Excerpt, ...]:
    """The clauses that the letter quotes or is about, the nearest first."""
    clauses = _clauses(dossier)
    weights = _rarity(c.text for c in clauses)
    words = set(_words(letter))
    topics = Counter(
        category
        for pattern, categories in TOPICS
        for category in categories
        if re.search(pattern, letter, re.IGNORECASE)
    )
    scored = []
    for clause in clauses:
        own = set(_words(clause.text))
        shared = sum(weights[w] for w in own & words) / (1 + sum(weights[w] for w in own))
        score = shared + 0.5 * min(topics[clause.category], 2) + 2.0 * _is_quoted(letter, clause.text)
        scored.append((score, clause))
    best = sorted(scored, key=lambda pair: -pair[0])[:MOST_EXCERPTS]
    return tuple(_excerpt(dossier, clause) for score, clause in best if score >= 0.4)


def _excerpt(dossier: Dossier, clause: Clause) -> Excerpt:
    title = str(dossier.body.get("title") or "")
    return Excerpt(dossier=dossier.id, title=title, category=clause.category, text=clause.text, page=clause.page)


def summary_of(letter: str, most: int = MOST_SENTENCES) -> tuple[str, ...]:
    """The sentences of a letter that say most, in its order: those that ask, and whose words come again."""
    plain = re.sub(r"(?m)^>.*$", "", letter)
    sentences = [" ".join(s.split()) for s in re.split(r"(?<=[.!?])\s+|\n\s*\n", plain)]
    sentences = [s for s in sentences if len(s) > 20 and not _GREETING.match(s)]
    counts = Counter(w for s in sentences for w in set(_words(s)))
    scored = []
    for place, sentence in enumerate(sentences):
        words = _words(sentence)
        common = sum(counts[w] > 1 for w in words) / math.sqrt(len(words) + 1)
        dated = bool(re.search(r"\d", sentence))
        scored.append((common + 1.5 * bool(_SPEAKS.search(sentence)) + 0.5 * dated - 0.05 * place, place))
    chosen = sorted(place for _, place in sorted(scored, reverse=True)[:most])
    return tuple(sentences[place] for place in chosen)


def _is_quoted(letter: str, clause: str) -> bool:
    """Whether a sentence of the clause stands in the letter."""
    low = " ".join(letter.casefold().split())
    sentences = [s for s in re.split(r"(?<=[.;])\s+", " ".join(clause.casefold().split())) if len(s) > 40]
    return any(fuzz.partial_ratio(s, low) >= _QUOTED for s in sentences)


def _clauses(dossier: Dossier) -> list[Clause]:
    """What the contract says; a guess would put words under a heading that they have nothing to do with."""
    told = (Clause.model_validate(c) for c in dossier.body.get("clauses", ()))
    return [c for c in told if is_there(c) and c.category not in _HEAD]


def _rarity(texts: Iterable[str]) -> Counter[str]:
    seen = [set(_words(t)) for t in texts]
    counts = Counter(w for words in seen for w in words)
    weights: Counter[str] = Counter()
    for word, count in counts.items():
        weights[word] = math.log(1 + len(seen) / count)  # type: ignore[assignment]
    return weights


def _words(text: str) -> list[str]:
    return [w for w in re.findall(r"[a-zà-ÿ]{3,}", text.casefold()) if w not in _STOP]


def _warned(doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    return tuple(d.model_copy(update={"severity": "warn"}) for d in doubts)


def _outcome(item: ContractItem) -> Outcome:
    rules = tuple(d.code for d in item.doubts)
    row = Decision(step=STEP, input_hash=item.document.sha256, rules=rules, route=item.route or "review")
    return Outcome(item=item, decision=row)

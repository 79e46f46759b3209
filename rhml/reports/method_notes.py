"""What the report does and takes for granted, in plain words: one short entry a method, with its source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """One method: what it does, what it assumes, what would break it, where it is used, and whose it is."""

    key: str
    name: str
    does: str
    assumes: tuple[str, ...]
    breaks: str
    where: tuple[str, ...]
    source: str


NOTES = (
    Note(
        "own_calls", "Unaided calls and drawn modes",
        "Only calls that people made before any output of the model say whether people improved.",
        ("which cases ask for an own call was drawn by lot when they arrived, so they are like all others",
         "people try as hard on them as elsewhere"),
        "Own calls made half-heartedly, or left out on the hard cases: the Team page shows how many were set aside.",
        ("Answer", "Growth", "Who taught whom"),
        "Randomised assignment by a keyed hash; why it is needed: Gajos & Mamykina (2022), Buçinca et al. (2025)",
    ),
    Note(
        "like_cases", "Like cases",
        "A change is taken after what made cases easier or harder is taken out of both periods.",
        ("what makes a case hard shows in the recorded facts, in which action proved right, or in how a reference model and "
         "other people fared on like cases",),
        "Difficulty that nobody recorded and that drifts over time; no report could tell that from skill.",
        ("Answer", "Growth", "Who taught whom"),
        "Regression with what the cases are like taken out (Frisch, Waugh and Lovell); difficulty cross-fitted on other cases",
    ),
    Note(
        "clusters", "Several decisions on one case, several by one person",
        "Decisions on one case count together, and people are compared with themselves.",
        ("cases come about independently of each other",),
        "Cases that come in bundles, such as ten requests of one supplier on one day, count as ten.",
        ("everywhere",),
        "Linearised variance (Binder 1983); Liang & Zeger (1986); small groups collapsed (Cochran 1977, §5A.12)",
    ),
    Note(
        "intervals", "Intervals",
        "Every number says between which two values the truth lies in 95 of 100 such reports.",
        ("the cases seen are like those one wants to speak about",),
        "Single numbers picked because they stood out: among twenty, one misses by chance.",
        ("everywhere",),
        "Shares: Wilson (1927) at the effective count (Korn & Graubard 1998). Means: Student’s t. Money: studentised bootstrap "
        "below 1,000 cases (Hall 1988)",
    ),
    Note(
        "verdicts", "The words: improved, fell, no change shown, not enough data yet",
        "A word is said only where the whole interval allows it; “no change shown” needs the whole interval within ± the "
        "smallest change that matters.",
        ("the smallest change in the domain file is the one that matters to you",),
        "Reading “not enough data yet” as “nothing happened”: it says neither.",
        ("Answer", "Growth", "Versions", "Who taught whom"),
        "Interval inclusion, as in tests of equivalence (Schuirmann 1987); cases still needed from the interval’s width at 80 % power",
    ),
    Note(
        "looks", "Looking again and again",
        "The three verdicts allow for every moment at which outcomes came in, so reading often raises no false alarm.",
        ("a log imported in one go was looked at once",),
        "Choosing among many spans and segments until one says what one hopes for: that is not allowed for. Found segments and "
        "equal treatment hold their false discovery rate at each reading only: reading them often finds more by chance.",
        ("Answer", "Growth", "Models: Trust", "Team: Alarms"),
        "α spent as outcomes come in (Lan & DeMets 1983), bound over looks (Hunter 1976; Worsley 1982)",
    ),
    Note(
        "mcnemar", "Two versions on the same cases",
        "Of the cases that only one of two versions gets right: it is told whether so uneven a split could be chance.",
        ("both versions judge the very same bank cases, on which none was trained",),
        "A bank that versions were chosen on: the live one was let in by this very bank, so it looks a little better than it is. "
        "The bank’s uses are counted and shown.",
        ("Versions",),
        "Exact test of McNemar (1947); interval: Agresti & Min (2005); the words about one pair hold at every look by the "
        "time-uniform central limit theorem (Waudby-Smith et al. 2024)",
    ),
    Note(
        "delong", "How well a version ranks cases",
        "The chance that a case of the one kind scores higher than one of the other (AUC), with its error.",
        ("cases are independent of each other",),
        "Several scores of one case counted as several cases.",
        ("Versions",),
        "DeLong, DeLong & Clarke-Pearson (1988), by midranks (Sun & Xu 2014)",
    ),
    Note(
        "twins", "What people taught the model",
        "Each training also trains twins without what people called; the difference on the same cases is what they taught.",
        ("twins differ in nothing else: same window, same parameters, several seeds",),
        "Adding up the prices of single reasons: each is marginal, they do not add up.",
        ("Who taught whom", "Models"),
        "Paired comparison over seeds; one part left out at a time",
    ),
    Note(
        "growth", "People’s part and the model’s part of growth",
        "Growth of people and model together is split into two parts that add up; what both bring only together is shared.",
        ("both periods’ models judge the same bank cases", "how calls and model are combined stays the same"),
        "Reading a part as a cause: it says by whom growth shows, the ledger says who taught whom.",
        ("Growth",),
        "Shapley (1953) of two: ½[(V₁₀−V₀₀)+(V₁₁−V₀₁)], the interaction as a memo; calls on bank cases weighted by the "
        "inverse of their share (Horvitz & Thompson 1952)",
    ),
    Note(
        "together", "Better together?",
        "The team is held against people and against the model at once; its parts add up exactly.",
        ("first call, recommendation and final decision stand on the same rows",),
        "Taking the better of the two after the fact: the interval allows for asking twice.",
        ("Together",),
        "Simultaneous intervals (Bonferroni); share of the headroom: Fieller (1954); RAIR and RSR: Schemmer et al. (2023)",
    ),
    Note(
        "found", "Segments that nobody asked for",
        "Rules are searched on earlier cases and asked of later ones, each used once; only confirmed ones are shown.",
        ("later cases are not chosen by what was found",),
        "Taking the earlier number as the size of the effect: it is flattered by the search, the later one is not.",
        ("Segments",),
        "Benjamini & Hochberg (1995); shrunk by empirical Bayes, whose intervals hold on average over segments, not each",
    ),
    Note(
        "ledger", "Taught, or association",
        "“Taught” needs a start that was drawn by lot and places where nothing was taught yet; all else is an association.",
        ("the delay of a lesson’s start was drawn by lot; that is one lot a lesson, so the interval is the comparison’s own, not the lot’s",
         "without the lesson, calls in its rule and elsewhere would have moved alike (parallel trends), in points and in odds",
         "“before” is the confirming half alone, not the half it was found on"),
        "Regression to the mean: what was picked because it went badly gets better by itself.",
        ("Who taught whom",),
        "Difference in differences against not yet taught cases; randomised start",
    ),
    Note(
        "treatment", "Equal treatment",
        "Each protected kind of case is held against all others, as counted and with facts, advice and people held alike.",
        ("the facts that are held alike do not themselves stand in for the protected column",),
        "A fact that stands in for it, such as a postcode: on like cases the difference disappears, as counted it stays.",
        ("Equal treatment",),
        "Mantel–Haenszel by regression (Greenland & Robins 1985), prognostic score (Hansen 2008), Benjamini & Hochberg (1995)",
    ),
    Note(
        "selective", "Outcomes that a decision hides",
        "Where a decision decides whether its outcome is ever seen, only a random share may speak about right and wrong.",
        ("the share was drawn by lot before anybody decided, and was carried out",),
        "A share that is decided like the rest and never resolved: then the report says “cannot be known”.",
        ("everywhere",),
        "Inverse-propensity weights, here all equal (Horvitz & Thompson 1952)",
    ),
    Note(
        "intent", "What matters now, and what the model is credited with",
        "Where an intent made the model recommend another action than the likeliest, it is judged by the likeliest; people, "
        "by what they were shown.",
        ("accuracy, improvement, versions and segments count the likeliest action, overrides, reliance and costs the one shown",
         "an intent changes which mistakes are made, not how well cases are told apart"),
        "Reading the team’s share right alone while an intent is in force: it trades mistakes that cost little for fewer that "
        "cost much. Costs show it.",
        ("everywhere",),
        "Least expected cost under a given cost table (Elkan 2001)",
    ),
    Note(
        "late", "Outcomes that come late",
        "If late outcomes end otherwise than early ones, decisions whose time is not complete do not count yet.",
        ("what is still open ends as late ones did in complete times",),
        "Counting what is known so far: where bad ends take longer, the newest decisions look good.",
        ("everywhere",),
        "Time to an outcome with open ones censored (Kaplan & Meier 1958); complete when 98 of 100 that ever come are in",
    ),
    Note(
        "forecasts", "Stated probabilities",
        "What people said was likely is scored beside what the model said, on the same cases, and the two averaged.",
        ("people state what they hold; by either score nobody gains on average by stating anything else",
         "people stated it before the suggestion was seen and before the outcome was known, as the log says"),
        "Probabilities filled in afterwards in an older log.",
        ("Forecasts",),
        "Brier (1950); Good (1952); Gneiting & Raftery (2007); parts: Murphy (1973); pooled: Genest & Zidek (1986), Baron et "
        "al. (2014); segments: Benjamini & Hochberg (1995); words over all looks: Lan & DeMets (1983)",
    ),
)  # fmt: skip

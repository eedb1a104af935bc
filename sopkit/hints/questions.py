"""The questions a learner sees: warm, short, with the child's or the caregiver's name where one is known."""

from __future__ import annotations

from sopkit.hints.reading import Mark, Reading

# What to ask first, when several lines could be asked about: the wrong kind of statement, then what the coach weighs most.
ORDER = (
    *("H3", "H4", "H1", "H2", "H5", "H6"),
    *("D3", "D6", "D2", "D4", "D1", "D5"),
    *("G5", "G2", "G1", "G3", "G4", "G6"),
    *("P6", "P1", "P2", "P3", "P5", "P4"),
    *("O6", "O2", "O1", "O5", "O3", "O4"),
    *("V5", "V2", "V3", "V1", "V6", "V4"),
    *("N2", "N1", "N3", "N4", "N5", "N6"),
)

# (criterion, defect) first, then (letter of the skill, defect), then the defect alone.
_ASK = {
    "lacks_impact": "What did {child} do, say or feel?",
    "vague_impact": "What would we see or hear that tells us how it was for {child}?",
    "speculative_impact": "What has {child} already lived through? What did people see or hear?",
    "system_action_as_impact": "Before anyone stepped in, what was it like for {child}?",
    "future_not_past": "What has already happened? Could the part about what may happen go into a danger statement?",
    "past_not_future": "What are you worried may happen next?",
    "no_caregiver": "Who did it, and who is that person to {child}?",
    "vague_behavior": "What would a camera have shown?",
    "condition_not_behavior": "What might {caregiver} do, or not do, with {child}?",
    "diagnosis_label": "You wrote “{words}”. What does {caregiver} do that people can see?",
    "jargon": "You wrote “{words}”. How would the family say it?",
    "passive_voice": "Who did this? Could the sentence begin with that person?",
    "blames": "You wrote “{words}”. How would it sound read out loud with the family in the room?",
    "blames_survivor": "Who used violence here, and what did that person do?",
    "no_source": "Who saw it or said it?",
    "nobody_worried": "Who is worried about this?",
    "service_not_behavior": "You wrote “{words}”. What would be different at home for {child}?",
    "threat_of_agency_action": "You wrote “{words}”. What might {child} live through, apart from what the agency or court may do?",
    "not_credible": "You wrote “{words}”. What might really happen to {child}, from what you know so far?",
    "too_long": "This has {count} words. Which parts does the family need most?",
    "too_short": "Could you say a little more? Who, what, and what about the child?",
    "absence_not_presence": "What will {caregiver} do instead, that people can see?",
    "bare_promise": "Who else will act, and what will that person do?",
    "no_backup": "Who steps in if this person can't, and how will the agency learn of it?",
    "inference": "You wrote “{words}”. What did you see or hear that made you think so?",
    "no_child_response": "What did {child} do or say, before and after?",
    "does_not_know_worry": "What has this person been told about the worry, and by whom?",
    ("D4", "lacks_impact"): "What might happen to {child}?",
    ("D4", "vague_impact"): "What might happen to {child} that we could picture?",
    ("D2", "vague_behavior"): "What might {caregiver} do, or not do, and when is that most likely?",
    ("D2", "service_not_behavior"): "What might {caregiver} do, or not do, with {child}?",
    ("D6", "service_not_behavior"): "You wrote “{words}”. If that never happened, what would you worry about for {child}?",
    ("H2", "vague_behavior"): "What exactly happened, and when or how often?",
    ("G1", "no_caregiver"): "Who in the family and the network will do this?",
    ("G3", "lacks_impact"): "What will {child} see, hear or have when this goes well?",
    ("G4", "vague_behavior"): "For how long will this be shown, and who will see it?",
    ("G6", "vague_behavior"): "What must be true for {child}, every time?",
    ("O1", "no_caregiver"): "Who will do this?",
    ("O3", "vague_behavior"): "How often will it happen, and who will see it?",
    ("O4", "vague_behavior"): "By what date, or for how long?",
    ("O5", "lacks_impact"): "What will {child} have when this is done?",
    ("P1", "no_caregiver"): "Who will do this? Which person, by name?",
    ("P3", "vague_behavior"): "When does it start, what sets it off, and until when?",
    ("P4", "vague_behavior"): "What would keep {child} safe tonight?",
    ("V1", "vague_behavior"): "On what day, from when to when, where, and who was there?",
    ("V6", "vague_behavior"): "What did you do next, and whom did you tell?",
    ("N1", "no_caregiver"): "Who is this person, and what is the tie to {child}?",
    ("N3", "vague_behavior"): "What will this person do, and what is the sign to do it?",
    ("N4", "vague_behavior"): "If the plan is not kept, whom will this person tell, and when?",
    ("N5", "no_backup"): "What can this person not do, and who covers then?",
    ("G", "vague_behavior"): "What would a neighbor see {caregiver} do?",
    ("O", "vague_behavior"): "What would a neighbor see {caregiver} do?",
    ("P", "vague_behavior"): "What would we see this person do?",
    ("P", "service_not_behavior"): "You wrote “{words}”. What will somebody do tonight to keep {child} safe?",
    ("V", "blames"): "You wrote “{words}”. What did you see or hear?",
}


def question(criterion: str, mark: Mark, reading: Reading) -> str:
    """Return the question for one mark of a criterion."""
    defect = mark.defect
    text = _ASK.get((criterion, defect)) or _ASK.get((criterion[0], defect)) or _ASK[defect]
    return text.format(
        child=reading.child_name or "the child",
        caregiver=reading.caregiver_name or "the caregiver",
        words=words(mark),
        count=reading.count,
    )


def words(mark: Mark) -> str:
    """Return the draft's words a question is about: none where something is absent."""
    absent = ("lacks_impact", "no_caregiver", "no_source", "nobody_worried", "no_child_response", "no_backup", "too_long", "too_short")
    return "" if mark.defect in absent or not mark.evidence else mark.evidence[0]

"""The entries of the affect vector in wire order; append only.

An entry's index never changes: a new one goes to the end (docs/contributing/add_an_entry.md).
The names in GDScript and C# are written from this list by tests/vectors/make_entries.py.
"""

from __future__ import annotations

import re
from math import inf

ENTRIES: tuple[tuple[str, str], ...] = (
    ("valence", "Valence, -1..1."),
    ("arousal", "Arousal, -1..1."),
    ("dominance", "Dominance, -1..1."),
    ("valence_sd", "Standard deviation of valence."),
    ("arousal_sd", "Standard deviation of arousal."),
    ("dominance_sd", "Standard deviation of dominance."),
    ("p_neutral", "Probability of neutral, 0..1."),
    ("p_happiness", "Probability of happiness, 0..1."),
    ("p_surprise", "Probability of surprise, 0..1."),
    ("p_sadness", "Probability of sadness, 0..1."),
    ("p_anger", "Probability of anger, 0..1."),
    ("p_disgust", "Probability of disgust, 0..1."),
    ("p_fear", "Probability of fear, 0..1."),
    ("p_contempt", "Probability of contempt, 0..1."),
    ("entropy", "How mixed the emotions are, 0..1."),
    ("stress", "Stress, 0..1."),
    ("engagement", "Engagement, 0..1."),
    ("relaxation", "Relaxation, 0..1."),
    ("focus", "Focus, 0..1."),
    ("stress_sd", "Standard deviation of stress."),
    ("engagement_sd", "Standard deviation of engagement."),
    ("relaxation_sd", "Standard deviation of relaxation."),
    ("focus_sd", "Standard deviation of focus."),
    ("heart_rate", "Beats a minute."),
    ("rmssd", "Heart-rate variability, ms."),
    ("breathing_rate", "Breaths a minute."),
    ("scl", "Skin conductance level, microsiemens."),
    ("scr_rate", "Skin conductance responses a minute."),
    ("mood_valence", "Valence over minutes, -1..1."),
    ("mood_arousal", "Arousal over minutes, -1..1."),
    ("mood_dominance", "Dominance over minutes, -1..1."),
    ("flow", "Flow, 0..1."),
    ("boredom", "Boredom, 0..1."),
    ("frustration", "Frustration, 0..1."),
    ("anxiety", "Anxiety, 0..1."),
    ("confidence", "How much is known, 0..1."),
    ("face_weight", "Weight of face in the fusion, 0..1."),
    ("face_quality", "Quality of face, 0..1."),
    ("face_age", "Seconds since the last estimate of face."),
    ("voice_weight", "Weight of voice in the fusion, 0..1."),
    ("voice_quality", "Quality of voice, 0..1."),
    ("voice_age", "Seconds since the last estimate of voice."),
    ("body_weight", "Weight of body in the fusion, 0..1."),
    ("body_quality", "Quality of body, 0..1."),
    ("body_age", "Seconds since the last estimate of body."),
    ("eeg_weight", "Weight of eeg in the fusion, 0..1."),
    ("eeg_quality", "Quality of eeg, 0..1."),
    ("eeg_age", "Seconds since the last estimate of eeg."),
    ("text_weight", "Weight of text in the fusion, 0..1."),
    ("text_quality", "Quality of text, 0..1."),
    ("text_age", "Seconds since the last estimate of text."),
    ("headset_weight", "Weight of headset in the fusion, 0..1."),
    ("headset_quality", "Quality of headset, 0..1."),
    ("headset_age", "Seconds since the last estimate of headset."),
    ("game_weight", "Weight of game in the fusion, 0..1."),
    ("game_quality", "Quality of game, 0..1."),
    ("game_age", "Seconds since the last estimate of game."),
    ("self_weight", "Weight of self in the fusion, 0..1."),
    ("self_quality", "Quality of self, 0..1."),
    ("self_age", "Seconds since the last estimate of self."),
    ("valence_level", "Rank of valence now in this person's own range, 0..1."),
    ("arousal_level", "Rank of arousal now in this person's own range, 0..1."),
    ("stress_level", "Rank of stress now in this person's own range, 0..1."),
    ("engagement_level", "Rank of engagement now in this person's own range, 0..1."),
    ("relaxation_level", "Rank of relaxation now in this person's own range, 0..1."),
    ("focus_level", "Rank of focus now in this person's own range, 0..1."),
    ("valence_level_sd", "Standard deviation of the level of valence."),
    ("arousal_level_sd", "Standard deviation of the level of arousal."),
    ("stress_level_sd", "Standard deviation of the level of stress."),
    ("engagement_level_sd", "Standard deviation of the level of engagement."),
    ("relaxation_level_sd", "Standard deviation of the level of relaxation."),
    ("focus_level_sd", "Standard deviation of the level of focus."),
    ("heart_rate_sd", "Standard deviation of heart rate, beats a minute."),
    ("rmssd_sd", "Standard deviation of heart-rate variability, ms."),
    ("breathing_rate_sd", "Standard deviation of the breathing rate, breaths a minute."),
    ("scl_sd", "Standard deviation of the skin conductance level, microsiemens."),
    ("scr_rate_sd", "Standard deviation of the skin conductance responses a minute."),
    ("mood_valence_sd", "Standard deviation of the mood's valence."),
    ("mood_arousal_sd", "Standard deviation of the mood's arousal."),
    ("mood_dominance_sd", "Standard deviation of the mood's dominance."),
    ("flow_sd", "Standard deviation of flow."),
    ("boredom_sd", "Standard deviation of boredom."),
    ("frustration_sd", "Standard deviation of frustration."),
    ("anxiety_sd", "Standard deviation of anxiety."),
    ("smile", "How far both lip corners are raised now, 0..1."),
    ("blink", "How far both eyes are closed now, 0..1."),
    ("laughter", "Probability of laughter now, 0..1."),
    ("speaking", "Probability that the person speaks, 0..1."),
    ("heart_rate_acceleration", "Change of the heart rate now, beats a minute in a second."),
    ("breath_phase", "Part of a breath since the end of breathing in, 0..1."),
    ("scr_now", "What skin conductance responses add now, microsiemens."),
)
"""Name and meaning of each entry: what it is, with its unit or range."""


def limits(name: str) -> tuple[float, float]:
    """Return the lowest and highest value of an entry, as its description states.

    Args:
        name: Name of the entry; an unknown one has no limits.
    """
    found = re.search(r"(-?\d)\.\.(\d)", dict(ENTRIES).get(name, ""))
    return (float(found[1]), float(found[2])) if found else (-inf, inf)

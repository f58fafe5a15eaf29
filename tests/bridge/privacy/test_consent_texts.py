"""Tests of what the consent texts state about storage."""

from __future__ import annotations

import pytest

from sentio_bridge.privacy.consent_texts import LANGUAGES, TEMPLATES, TextSettings, consent_text

KEPT = {
    "en": ("until you have them erased", "when the program starts", "then the lab deletes them"),
    "de": ("löschen lassen", "ersten Start", "dann löscht sie the lab"),
}


CALIBRATION = {"en": "A calibration measures", "de": "Eine Kalibrierung misst"}


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_text_states_who_deletes_recordings_and_when_consent_ends(
    template: str, language: str
) -> None:
    def body(days: int = 0, *, deleted: bool = False, consent_days: float = 0.0) -> str:
        made = TextSettings(
            template=template, language=language, controller="the lab",
            days=days, deleted=deleted, consent_days=consent_days,
        )  # fmt: skip
        return consent_text(made).body

    forever, program, person = KEPT[language]
    assert program in body(days=30, deleted=True)
    assert person in body(days=30)
    assert "30" not in body(days=0)
    assert person not in body(days=30, deleted=True)
    if template != "game" or language == "en":
        assert forever in body()
    days = {"en": "ends by itself after 90 days", "de": "endet von selbst nach 90 Tagen"}[language]
    assert days in body(consent_days=90.0)
    assert "by itself" not in body() + body(days=30)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_text_states_the_legal_basis_and_what_a_withdrawal_leaves(
    template: str, language: str
) -> None:
    text = consent_text(TextSettings(template=template, language=language)).body
    for article in {"en": ("6(1)(a)", "9(2)(a)"), "de": ("Artikel 6", "Artikel 9")}[language]:
        assert article in text
    assert {"en": "remains lawful", "de": "bleibt rechtmäßig"}[language] in text


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_text_states_what_a_calibration_and_a_personal_model_keep(
    template: str, language: str
) -> None:
    """Baselines are kept with the purpose of the measurement, models with another."""
    text = consent_text(TextSettings(template=template, language=language)).body
    calibration = next(line for line in text.splitlines() if line.startswith(CALIBRATION[language]))
    assert {"en": "keeps", "de": "aufbewahrt"}[language] in calibration
    model = next(line for line in text.splitlines() if line.startswith("- personal_model"))
    assert {"en": "models that are trained", "de": "Modelle"}[language] in model

using UnityEngine;

namespace Sentio
{
    /// <summary>Draws the consent dialog with Unity's immediate mode.</summary>
    internal sealed class ConsentPanel
    {
        private const float Width = 520f;
        private const float Height = 620f;

        internal const string First = "done";

        private readonly Gui _gui;

        internal ConsentPanel(ScreenFocus focus) { _gui = new Gui(focus); }

        internal void Draw(SentioConsent consent)
        {
            _gui.BeginCentred(Width, Height);
            _gui.Label(consent.Title, _gui.Title, Palette.Text);
            // All but the buttons scrolls: on a small screen the texts alone are higher.
            _gui.BeginScroll();
            _gui.Label(consent.Introduction, _gui.Body, Palette.Muted);
            _gui.Label(consent.Notice, _gui.Small, Palette.Muted);
            if (consent.AskGuardian)
            {
                _gui.Label(ConsentWords.Guardian, _gui.Small, Palette.Muted);
                consent.Guardian = _gui.Field("guardian", consent.Guardian ?? "");
            }
            if (consent.Client && consent.Client.Link != LinkState.Live)
                _gui.Label(consent.Client.LinkReason, _gui.Body, Palette.Coral);
            if (consent.Problem.Length > 0) _gui.Label(consent.Problem, _gui.Body, Palette.Coral);
            foreach (string sensor in consent.Sensors) Row(consent, sensor);
            if (consent.Receipt.Length > 0) _gui.Label(consent.Receipt, _gui.Small, Palette.Muted);
            string notKept = consent.NotKept;
            if (notKept.Length > 0) _gui.Label(notKept, _gui.Small, Palette.Muted);
            _gui.EndScroll();
            GUILayout.BeginHorizontal();
            if (_gui.Button("stop", "Stop everything")) consent.WithdrawAll();
            GUILayout.FlexibleSpace();
            if (_gui.Button(First, "Done")) consent.Close();
            GUILayout.EndHorizontal();
            _gui.End();
        }

        private void Row(SentioConsent consent, string sensor)
        {
            bool granted = consent.IsGranted(sensor);
            GUILayout.Space(10);
            GUILayout.BeginHorizontal();
            _gui.Label(ConsentWords.Name(sensor), _gui.Body, Palette.Text);
            GUILayout.FlexibleSpace();
            _gui.Label(consent.StateOf(sensor), _gui.Small, granted ? Palette.Teal : Palette.Muted);
            GUILayout.EndHorizontal();
            _gui.Label(ConsentWords.About(sensor), _gui.Small, Palette.Muted);
            foreach (string purpose in consent.Purposes)
            {
                // Recording requires reading.
                GUI.enabled = ConsentWords.IsLive(purpose) || consent.IsRead(sensor);
                bool before = consent.IsGranted(sensor, purpose);
                bool now = _gui.Toggle(sensor + " " + purpose, before, " " + ConsentWords.Purpose(purpose));
                if (now != before) consent.Switch(sensor, purpose, now);
            }
            GUI.enabled = true;
        }
    }
}

using System.Collections.Generic;

namespace Sentio
{
    /// <summary>The consent dialog as lines of a panel in the world, one sensor below the other.</summary>
    public sealed class ConsentContent : IWorldContent
    {
        private readonly SentioConsent _consent;

        /// <summary>Shows <paramref name="consent"/>, whose own panel on the screen is switched off.</summary>
        public ConsentContent(SentioConsent consent)
        {
            _consent = consent;
            consent.ShowPanel = false;
        }

        /// <inheritdoc/>
        public void Write(List<WorldLine> lines)
        {
            if (!_consent.IsOpen) return;
            lines.Add(new WorldLine(_consent.Title, 1.5f, Palette.Text));
            lines.Add(new WorldLine(_consent.Introduction, 0.9f, Palette.Muted));
            lines.Add(new WorldLine(_consent.Notice, 0.9f, Palette.Muted));
            if (_consent.AskGuardian) // a headset has no keyboard: the game names the guardian
                lines.Add(new WorldLine(ConsentWords.Guardian + " " + (string.IsNullOrEmpty(_consent.Guardian) ? "not named" : _consent.Guardian), 0.9f, Palette.Muted));
            SentioClient client = _consent.Client;
            if (client && client.Link != LinkState.Live) lines.Add(new WorldLine(client.LinkReason, 1f, Palette.Coral));
            if (_consent.Problem.Length > 0) lines.Add(new WorldLine(_consent.Problem, 1f, Palette.Coral));
            foreach (string sensor in _consent.Sensors) Sensor(lines, sensor);
            if (_consent.Receipt.Length > 0) lines.Add(new WorldLine(_consent.Receipt, 0.8f, Palette.Muted));
            string notKept = _consent.NotKept;
            if (notKept.Length > 0) lines.Add(new WorldLine(notKept, 0.8f, Palette.Muted));
            lines.Add(new WorldLine("Stop everything", 1f, Palette.Coral, _consent.WithdrawAll));
            lines.Add(new WorldLine("Done", 1f, Palette.Text, _consent.Close));
        }

        private void Sensor(List<WorldLine> lines, string sensor)
        {
            bool granted = _consent.IsGranted(sensor);
            string head = ConsentWords.Name(sensor) + ": " + _consent.StateOf(sensor) + ". " + ConsentWords.About(sensor);
            lines.Add(new WorldLine(head, 0.9f, granted ? Palette.Teal : Palette.Muted));
            foreach (string purpose in _consent.Purposes)
            {
                bool on = _consent.IsGranted(sensor, purpose);
                string text = (on ? "[x] " : "[  ] ") + ConsentWords.Purpose(purpose), each = purpose;
                // Recording requires reading.
                if (!ConsentWords.IsLive(purpose) && !_consent.IsRead(sensor)) lines.Add(new WorldLine(text, 1f, Palette.Muted));
                else lines.Add(new WorldLine(text, 1f, on ? Palette.Teal : Palette.Text, () => _consent.Switch(sensor, each, !on)));
            }
        }
    }
}

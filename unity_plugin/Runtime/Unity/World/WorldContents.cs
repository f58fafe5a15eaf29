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
            SentioClient client = _consent.Client;
            if (client && client.Link != LinkState.Live) lines.Add(new WorldLine(client.LinkReason, 1f, Palette.Coral));
            if (_consent.Problem.Length > 0) lines.Add(new WorldLine(_consent.Problem, 1f, Palette.Coral));
            foreach (string sensor in _consent.Sensors) Sensor(lines, sensor);
            if (_consent.Receipt.Length > 0) lines.Add(new WorldLine(_consent.Receipt, 0.8f, Palette.Muted));
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
                if (purpose != "adapt" && !granted) lines.Add(new WorldLine(text, 1f, Palette.Muted));
                else lines.Add(new WorldLine(text, 1f, on ? Palette.Teal : Palette.Text, () => _consent.Switch(sensor, each, !on)));
            }
        }
    }

    /// <summary>What adapts and why, as a line of a panel in the world.</summary>
    public sealed class WhyContent : IWorldContent
    {
        private readonly SentioWhy _why;

        /// <summary>Shows the line of <paramref name="why"/>, which is then not drawn on the screen.</summary>
        public WhyContent(SentioWhy why)
        {
            _why = why;
            why.ShowPanel = false;
        }

        /// <inheritdoc/>
        public void Write(List<WorldLine> lines) { if (_why.Shown) lines.Add(new WorldLine(_why.Line, 1f, Palette.Text)); }
    }

    /// <summary>The developer overlay as lines of a panel in the world.</summary>
    public sealed class HudContent : IWorldContent
    {
        private readonly HudText _text = new HudText();

        /// <summary>Shows <paramref name="source"/>.</summary>
        public HudContent(SentioFeed source) { Source = source; }

        /// <summary>The affect source; null for none.</summary>
        public SentioFeed Source { get; set; }

        /// <inheritdoc/>
        public void Write(List<WorldLine> lines)
        {
            _text.Read(Source);
            lines.Add(new WorldLine("Sentio: " + _text.Link, 1.2f, Palette.OfLink(Source ? Source.Link : LinkState.Off)));
            Add(lines, _text.Reason);
            Add(lines, _text.Body);
            Add(lines, _text.Emotions);
            Add(lines, _text.Why);
            foreach (string modality in _text.Modalities) Add(lines, modality);
            Add(lines, _text.Times);
            if (_text.Capture.Length > 0) lines.Add(new WorldLine(_text.Capture, 0.9f, Palette.Amber));
        }

        private static void Add(List<WorldLine> lines, string text)
        {
            if (text.Length > 0) lines.Add(new WorldLine(text, 0.9f, Palette.Text));
        }
    }

    /// <summary>The player's own buttons of a graded exposure, as lines of a panel in the world.</summary>
    public sealed class ExposureContent : IWorldContent
    {
        private readonly SentioExposure _exposure;
        private readonly string _by;

        /// <summary>Moves <paramref name="exposure"/> in the name of <paramref name="by"/>.</summary>
        public ExposureContent(SentioExposure exposure, string by = "player")
        {
            _exposure = exposure;
            _by = by;
        }

        /// <inheritdoc/>
        public void Write(List<WorldLine> lines)
        {
            lines.Add(new WorldLine(_exposure.Over ? "Back to the ground" : "You decide", 1.5f, Palette.Text));
            if (_exposure.Over) return;
            if (_exposure.Held) lines.Add(new WorldLine("Go on", 1.2f, Palette.Text, () => _exposure.Resume(_by)));
            else lines.Add(new WorldLine("Stay here", 1.2f, Palette.Text, () => _exposure.Hold(_by)));
            lines.Add(new WorldLine("One step back", 1.2f, Palette.Text, () => _exposure.StepBack(_by)));
            lines.Add(new WorldLine("Down to the ground", 1.2f, Palette.Coral, () => _exposure.Finish(_by)));
        }
    }
}

using System.Collections.Generic;

namespace Sentio
{
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
}

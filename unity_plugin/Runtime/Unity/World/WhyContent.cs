using System.Collections.Generic;

namespace Sentio
{
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
}

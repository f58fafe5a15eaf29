using System.Collections.Generic;

namespace Sentio
{
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
            lines.Add(new WorldLine(_exposure.Finished ? "Back to the ground" : "You decide", 1.5f, Palette.Text));
            if (_exposure.Finished) return;
            if (_exposure.Held) lines.Add(new WorldLine("Go on", 1.2f, Palette.Text, () => _exposure.Resume(_by)));
            else lines.Add(new WorldLine("Stay here", 1.2f, Palette.Text, () => _exposure.Hold(_by)));
            lines.Add(new WorldLine("One step back", 1.2f, Palette.Text, () => _exposure.StepBack(_by)));
            lines.Add(new WorldLine("Down to the ground", 1.2f, Palette.Coral, () => _exposure.Finish(_by)));
        }
    }
}

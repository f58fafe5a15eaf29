using UnityEngine;

namespace Sentio
{
    /// <summary>Colours of Sentio's screens and of states.</summary>
    internal static class Palette
    {
        internal static readonly Color Ground = new Color(0.055f, 0.071f, 0.098f, 0.97f);
        internal static readonly Color Raised = new Color(0.102f, 0.125f, 0.169f);
        internal static readonly Color Line = new Color(0.196f, 0.231f, 0.294f);
        internal static readonly Color Text = new Color(0.933f, 0.949f, 0.973f);
        internal static readonly Color Muted = new Color(0.639f, 0.682f, 0.753f);
        internal static readonly Color Teal = new Color(0.435f, 0.890f, 0.796f);
        internal static readonly Color Amber = new Color(1f, 0.773f, 0.431f);
        internal static readonly Color Coral = new Color(1f, 0.514f, 0.467f);
        internal static readonly Color Blue = new Color(0.486f, 0.737f, 1f);

        /// <summary>The colour of a feed's link.</summary>
        internal static Color OfLink(LinkState link)
        {
            switch (link)
            {
                case LinkState.Live: return Teal;
                case LinkState.Connecting:
                case LinkState.Silent: return Amber;
                case LinkState.Lost:
                case LinkState.Refused: return Coral;
                default: return Muted;
            }
        }
    }
}

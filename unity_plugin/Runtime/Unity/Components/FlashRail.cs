using Sentio.Behaviour;
using UnityEngine;

namespace Sentio
{
    /// <summary>Applies a colour guard to Unity's colours: the guard works on linear light, Unity's colours have
    /// gamma.</summary>
    internal static class FlashRail
    {
        /// <summary>The colour that may be shown; <paramref name="held"/> if it differs from the request.</summary>
        internal static Color Pass(ColourGuard guard, Color requested, float seconds, out bool held)
        {
            var wanted = new Color(Mathf.Clamp01(requested.r), Mathf.Clamp01(requested.g), Mathf.Clamp01(requested.b), requested.a);
            Color linear = wanted.linear;
            guard.Step(seconds, linear.r, linear.g, linear.b);
            float red = (float)guard.Red, green = (float)guard.Green, blue = (float)guard.Blue;
            held = red != linear.r || green != linear.g || blue != linear.b;
            return held ? new Color(red, green, blue, requested.a).gamma : wanted;
        }

        /// <summary>Relative luminance of a colour, 0..1.</summary>
        internal static double Luminance(Color colour)
        {
            Color linear = colour.linear;
            return ColourGuard.Luminance(Mathf.Clamp01(linear.r), Mathf.Clamp01(linear.g), Mathf.Clamp01(linear.b));
        }
    }
}

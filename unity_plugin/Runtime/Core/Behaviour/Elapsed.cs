using System;

namespace Sentio.Behaviour
{
    /// <summary>How much of a frame's time counts (docs/behaviour.md).</summary>
    internal static class Elapsed
    {
        /// <summary>Longest step in seconds: a game that slept or was paused does not age.</summary>
        public const double Longest = 1.0;

        /// <summary>Seconds that count of <paramref name="dt"/>; 0 where it is no time at all.</summary>
        public static double Of(double dt)
        {
            return !double.IsNaN(dt) && !double.IsInfinity(dt) && dt > 0 ? Math.Min(dt, Longest) : 0.0;
        }

        /// <summary>The share of the way that is gone with the time constant <paramref name="seconds"/>.</summary>
        public static double Share(double dt, double seconds)
        {
            return seconds <= 0 ? 1.0 : 1.0 - Math.Exp(-Of(dt) / seconds);
        }

        /// <summary>Whether a number is neither NaN nor infinite.</summary>
        public static bool IsFinite(double value)
        {
            return !double.IsNaN(value) && !double.IsInfinity(value);
        }

        /// <summary><paramref name="value"/> within the limits.</summary>
        public static double Clamp(double value, double low, double high)
        {
            return value < low ? low : value > high ? high : value;
        }
    }
}

using System;

namespace Sentio.Behaviour
{
    /// <summary>Bounds the time step of a frame (docs/behaviour.md).</summary>
    internal static class Elapsed
    {
        /// <summary>Longest step in seconds: time in which a game was suspended does not count.</summary>
        public const double Longest = 1.0;

        /// <summary><paramref name="dt"/> bounded to <see cref="Longest"/>; 0 if it is negative or not
        /// finite.</summary>
        public static double Of(double dt)
        {
            return !double.IsNaN(dt) && !double.IsInfinity(dt) && dt > 0 ? Math.Min(dt, Longest) : 0.0;
        }

        /// <summary>Share of a step response after <paramref name="dt"/> with the time constant
        /// <paramref name="seconds"/>.</summary>
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

using System;

namespace Sentio.Behaviour
{
    /// <summary>How far an entry may be relied on: its own confidence or, where none was sent, the next best.</summary>
    internal static class EntryConfidence
    {
        /// <summary>Smallest trust at which components use an entry by default: a correlation with the truth of .2. It
        /// lets a single sensor act; raise a component's threshold for what must not be wrong.</summary>
        public const float Least = 0.02f;

        /// <summary>0..1, from the entry's own confidence, the one of the entry that it is derived from and the frame's
        /// overall one; each NaN if unknown. An entry that is measured is relied on where only its value was
        /// sent.</summary>
        public static double Of(double own, double based, bool measured, double overall)
        {
            if (Elapsed.IsFinite(own)) return Elapsed.Clamp(own, 0, 1);
            if (Elapsed.IsFinite(based)) return Elapsed.Clamp(based, 0, 1);
            if (measured) return 1;
            return Elapsed.IsFinite(overall) ? Elapsed.Clamp(overall, 0, 1) : 0;
        }

        /// <summary>Weight of an estimate that is relied on by <paramref name="trust"/>, 0..1: its correlation with the
        /// truth, if trust is how much narrower the estimate is than without evidence. NaN for NaN.</summary>
        public static double Weight(double trust)
        {
            double wide = 1 - Elapsed.Clamp(trust, 0, 1);
            return Math.Sqrt(1 - wide * wide);
        }
    }
}

using System;

namespace Sentio
{
    /// <summary>Delays between attempts to connect: doubling, with jitter, up to a maximum.</summary>
    internal sealed class Backoff
    {
        private readonly double _first;
        private readonly double _ceiling;
        private readonly Random _random;
        private double _wait;

        /// <summary>Delays start at <paramref name="first"/> seconds and never exceed
        /// <paramref name="ceiling"/>.</summary>
        public Backoff(double first, double ceiling, Random random)
        {
            _first = _wait = first;
            _ceiling = Math.Max(first, ceiling);
            _random = random;
        }

        /// <summary>Seconds to wait now: between half and all of the current step. Doubles the step.</summary>
        public double Next()
        {
            double wait = _wait * (0.5 + 0.5 * _random.NextDouble());
            _wait = Math.Min(2 * _wait, _ceiling);
            return wait;
        }

        /// <summary>Resets the delay after a successful connection.</summary>
        public void Reset() { _wait = _first; }
    }
}

namespace Sentio
{
    /// <summary>What the sidecar's clock says now, learned from requests that were answered.</summary>
    /// <remarks>An answer tells the time somewhere between asking and hearing; the quickest of the last few tells it
    /// best. Read from two threads.</remarks>
    internal sealed class RemoteClock
    {
        /// <summary>How many answers are compared: old ones must go, for clocks drift apart.</summary>
        private const int Kept = 6;

        private readonly object _gate = new object();
        private readonly double[] _delays = new double[Kept];
        private readonly double[] _offsets = new double[Kept];
        private int _count;
        private double _offset = double.NaN;

        /// <summary>Notes that a request of <paramref name="asked"/> was answered at <paramref name="heard"/>, both by the
        /// caller's clock, with <paramref name="theirs"/> of the sidecar's.</summary>
        public void Observe(double asked, double heard, double theirs)
        {
            lock (_gate)
            {
                _delays[_count % Kept] = heard - asked;
                _offsets[_count % Kept] = theirs - 0.5 * (asked + heard);
                _count++;
                int best = 0;
                for (int i = 1; i < System.Math.Min(_count, Kept); i++) if (_delays[i] < _delays[best]) best = i;
                _offset = _offsets[best];
            }
        }

        /// <summary>Forgets everything: another sidecar may live on another machine's clock.</summary>
        public void Reset()
        {
            lock (_gate)
            {
                _count = 0;
                _offset = double.NaN;
            }
        }

        /// <summary>The sidecar's time at <paramref name="now"/> of the caller's clock; NaN where it is not known.</summary>
        public double At(double now)
        {
            lock (_gate) return now + _offset;
        }
    }
}

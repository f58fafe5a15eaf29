namespace Sentio
{
    /// <summary>Estimates the sidecar's clock from the replies to requests.</summary>
    /// <remarks>The sidecar read its clock between sending and receiving; the reply with the shortest round trip is
    /// used. Thread-safe.</remarks>
    internal sealed class RemoteClock
    {
        /// <summary>Number of replies that are compared; older ones are dropped, because clocks drift.</summary>
        private const int Kept = 6;

        private readonly object _gate = new object();
        private readonly double[] _delays = new double[Kept];
        private readonly double[] _offsets = new double[Kept];
        private int _count;
        private double _offset = double.NaN;

        /// <summary>Adds a reply: sent at <paramref name="sent"/> and received at <paramref name="received"/> of the
        /// caller's clock, with <paramref name="remote"/> of the sidecar's clock.</summary>
        public void Observe(double sent, double received, double remote)
        {
            lock (_gate)
            {
                _delays[_count % Kept] = received - sent;
                _offsets[_count % Kept] = remote - 0.5 * (sent + received);
                _count++;
                int best = 0;
                for (int i = 1; i < System.Math.Min(_count, Kept); i++) if (_delays[i] < _delays[best]) best = i;
                _offset = _offsets[best];
            }
        }

        /// <summary>Discards all replies: another sidecar may have another clock.</summary>
        public void Reset()
        {
            lock (_gate)
            {
                _count = 0;
                _offset = double.NaN;
            }
        }

        /// <summary>The sidecar's time at <paramref name="now"/> of the caller's clock; NaN if unknown.</summary>
        public double At(double now)
        {
            lock (_gate) return now + _offset;
        }
    }
}

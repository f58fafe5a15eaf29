using System;

namespace Sentio.Behaviour
{
    /// <summary>Decides when a change is reported: at most ten times a second for each target.</summary>
    /// <remarks>Steps in between are not lost: the next report has the newest value.</remarks>
    internal sealed class ReportGate
    {
        private const double Shortest = 0.1;

        private double _value = double.NaN;
        private int _cause = -1;
        private double _since = double.PositiveInfinity;

        /// <summary>Smallest change of the given value that is reported.</summary>
        public double Step = 0.02;

        /// <summary>Shortest time between two reports, seconds.</summary>
        public double Gap = Shortest;

        /// <summary>Whether to report a value, some seconds after the last call; <paramref name="cause"/> is a number
        /// for its kind of cause.</summary>
        public bool Due(double dt, double value, int cause)
        {
            _since += Elapsed.Of(dt);
            if (_since < Math.Max(Gap, Shortest) || !Elapsed.IsFinite(value)) return false;
            if (cause == _cause && Math.Abs(value - _value) < Step) return false;
            _value = value;
            _cause = cause;
            _since = 0;
            return true;
        }
    }
}

using System;

namespace Sentio.Behaviour
{
    /// <summary>Coherence of heart and breath: share of heart-rate variance at the breathing pace, 0..1.</summary>
    /// <remarks>After the coherence ratio of McCraty and Childre (2010), measured at the paced rate only, with linear
    /// drift removed.</remarks>
    public sealed class Coherence
    {
        /// <summary>Seconds between stored samples: enough to resolve breaths.</summary>
        private const double Spacing = 0.25;

        private const int Least = 16;
        private const double LongestWindow = 120.0;

        private readonly double _window;
        private readonly double[] _times;
        private readonly double[] _places;
        private readonly double[] _rates;
        private int _first;
        private int _count;
        private double _now;
        private double _last = -1.0;
        private double _turns;
        private double _phase = double.NaN;

        /// <summary>0..1, or NaN before two full breaths.</summary>
        public double Value { get; private set; } = double.NaN;

        /// <summary>With a window of <paramref name="window"/> seconds, at most 120.</summary>
        public Coherence(double window)
        {
            _window = Math.Min(window, LongestWindow);
            int room = (int)(_window / Spacing) + 8;
            _times = new double[room];
            _places = new double[room];
            _rates = new double[room];
        }

        /// <summary>Takes the pace's phase, 0..1, and the heart rate, NaN if unknown.</summary>
        public double Step(double dt, double phase, double heartRate)
        {
            _now += Elapsed.Of(dt);
            if (!Elapsed.IsFinite(phase)) return Value;
            if (!double.IsNaN(_phase))
            {
                double moved = phase - _phase;
                _turns += moved < -0.5 ? moved + 1.0 : moved;
            }
            _phase = phase;
            bool changed = false;
            if (Elapsed.IsFinite(heartRate) && _now - _last >= Spacing - 1e-9)
            {
                _last = _now;
                Add(heartRate);
                changed = true;
            }
            while (_count > 0 && _now - _times[_first] > _window)
            {
                Drop();
                changed = true;
            }
            if (changed) Value = Measure();
            return Value;
        }

        private void Add(double heartRate)
        {
            if (_count == _times.Length) Drop();
            int at = (_first + _count) % _times.Length;
            _times[at] = _now;
            _places[at] = _turns;
            _rates[at] = heartRate;
            _count++;
        }

        private void Drop()
        {
            _first = (_first + 1) % _times.Length;
            _count--;
        }

        private double Measure()
        {
            int n = _count, size = _times.Length;
            if (n < Least || _places[(_first + n - 1) % size] - _places[_first] < 2.0) return double.NaN;
            double meanTime = 0, meanRate = 0, spread = 0, drift = 0;
            for (int i = 0; i < n; i++)
            {
                int at = (_first + i) % size;
                meanTime += _times[at] / n;
                meanRate += _rates[at] / n;
            }
            for (int i = 0; i < n; i++)
            {
                int at = (_first + i) % size;
                spread += (_times[at] - meanTime) * (_times[at] - meanTime);
                drift += (_times[at] - meanTime) * (_rates[at] - meanRate);
            }
            double real = 0, imaginary = 0, power = 0;
            for (int i = 0; i < n; i++)
            {
                int at = (_first + i) % size;
                double left = _rates[at] - meanRate - drift / spread * (_times[at] - meanTime);
                real += left * Math.Cos(2 * Math.PI * _places[at]);
                imaginary += left * Math.Sin(2 * Math.PI * _places[at]);
                power += left * left;
            }
            if (power < 1e-9 * n) return double.NaN;
            return Elapsed.Clamp(2 * (real * real + imaginary * imaginary) / (n * power), 0, 1);
        }
    }
}

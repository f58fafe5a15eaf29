using System;

namespace Sentio.Behaviour
{
    /// <summary>Counts opposing changes of a quantity within one second; two of them are one flash.</summary>
    internal sealed class Swings
    {
        /// <summary>Flashes allowed per second (WCAG 2.2, success criterion 2.3.1).</summary>
        private const int Flashes = 3;

        private readonly double _change;
        private readonly double _dark;
        private readonly double[] _times = new double[2 * Flashes];
        private double _extreme = double.NaN;
        private int _rising;
        private int _first;
        private int _count;

        internal Swings(double change, double dark) { _change = change; _dark = dark; }

        /// <summary>Direction of the change that x would add: 1, -1, or 0 for none.</summary>
        internal int WouldTurn(double x)
        {
            if (double.IsNaN(_extreme)) return 0;
            double way = x - _extreme;
            if (Math.Abs(way) < _change || Math.Min(x, _extreme) >= _dark) return 0;
            int direction = way > 0 ? 1 : -1;
            return direction == _rising ? 0 : direction;
        }

        /// <summary>Whether one more change would exceed the allowed flashes.</summary>
        internal bool IsFull(double now)
        {
            while (_count > 0 && now - _times[_first] >= 1.0)
            {
                _first = (_first + 1) % _times.Length;
                _count--;
            }
            return _count == _times.Length;
        }

        /// <summary>Records the shown value.</summary>
        internal void Take(double now, double x)
        {
            int turn = WouldTurn(x);
            if (turn != 0)
            {
                _rising = turn;
                if (IsFull(now)) { _first = (_first + 1) % _times.Length; _count--; }
                _times[(_first + _count) % _times.Length] = now;
                _count++;
                _extreme = x;
            }
            else if (double.IsNaN(_extreme) || (x - _extreme) * _rising > 0) _extreme = x;
        }
    }
}

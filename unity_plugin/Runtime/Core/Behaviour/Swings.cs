using System;

namespace Sentio.Behaviour
{
    /// <summary>Counts the opposing changes of one quantity in the last second: two of them are a flash.</summary>
    internal sealed class Swings
    {
        /// <summary>Flashes a second that are allowed (WCAG 2.2, success criterion 2.3.1).</summary>
        private const int Flashes = 3;

        private readonly double _change;
        private readonly double _dark;
        private readonly double[] _times = new double[2 * Flashes];
        private double _extreme = double.NaN;
        private int _rising;
        private int _first;
        private int _count;

        internal Swings(double change, double dark) { _change = change; _dark = dark; }

        /// <summary>The direction of the counted change that x would be: 1, -1, or 0 for none.</summary>
        internal int WouldTurn(double x)
        {
            if (double.IsNaN(_extreme)) return 0;
            double way = x - _extreme;
            if (Math.Abs(way) < _change || Math.Min(x, _extreme) >= _dark) return 0;
            int direction = way > 0 ? 1 : -1;
            return direction == _rising ? 0 : direction;
        }

        /// <summary>Whether one more change would be a flash too many.</summary>
        internal bool IsFull(double now)
        {
            while (_count > 0 && now - _times[_first] >= 1.0)
            {
                _first = (_first + 1) % _times.Length;
                _count--;
            }
            return _count == _times.Length;
        }

        /// <summary>Takes what is shown.</summary>
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

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

    /// <summary>Holds a light still where it would flash more than three times a second.</summary>
    public sealed class FlashGuard
    {
        private readonly Swings _swings = new Swings(0.1, 0.8);
        private double _now;

        /// <summary>What is shown now, relative luminance 0..1; NaN before the first.</summary>
        public double Value { get; private set; } = double.NaN;

        /// <summary>Gives the luminance that may be shown, <paramref name="dt"/> seconds after the last.</summary>
        public double Step(double dt, double luminance)
        {
            _now += Elapsed.Of(dt);
            if (!Elapsed.IsFinite(luminance)) return double.IsNaN(Value) ? 0 : Value;
            double x = Elapsed.Clamp(luminance, 0, 1);
            if (_swings.WouldTurn(x) != 0 && _swings.IsFull(_now)) x = Value;
            _swings.Take(_now, x);
            Value = x;
            return x;
        }
    }

    /// <summary>Holds a colour still where it, or its saturated red, would flash more than three times a second.</summary>
    public sealed class ColourGuard
    {
        /// <summary>Smallest change of red that counts: 20 of 320 (WCAG 2.2, red flash).</summary>
        private const double RedChange = 20.0 / 320.0;

        private readonly Swings _light = new Swings(0.1, 0.8);
        private readonly Swings _redness = new Swings(RedChange, double.PositiveInfinity);
        private double _now;
        private bool _shown;

        /// <summary>Linear red that may be shown.</summary>
        public double Red { get; private set; }

        /// <summary>Linear green that may be shown.</summary>
        public double Green { get; private set; }

        /// <summary>Linear blue that may be shown.</summary>
        public double Blue { get; private set; }

        /// <summary>Takes the linear colour that is wanted, <paramref name="dt"/> seconds after the last.</summary>
        public void Step(double dt, double r, double g, double b)
        {
            _now += Elapsed.Of(dt);
            if (!Elapsed.IsFinite(r) || !Elapsed.IsFinite(g) || !Elapsed.IsFinite(b)) return;
            r = Elapsed.Clamp(r, 0, 1);
            g = Elapsed.Clamp(g, 0, 1);
            b = Elapsed.Clamp(b, 0, 1);
            bool held = (_light.WouldTurn(Luminance(r, g, b)) != 0 && _light.IsFull(_now))
                || (_redness.WouldTurn(Redness(r, g, b)) != 0 && _redness.IsFull(_now));
            if (!held || !_shown)
            {
                Red = r;
                Green = g;
                Blue = b;
                _shown = true;
            }
            _light.Take(_now, Luminance(Red, Green, Blue));
            _redness.Take(_now, Redness(Red, Green, Blue));
        }

        /// <summary>Relative luminance of a linear colour (ITU-R BT.709).</summary>
        public static double Luminance(double r, double g, double b)
        {
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        }

        /// <summary>How much a colour is saturated red, 0..1.</summary>
        public static double Redness(double r, double g, double b)
        {
            double total = r + g + b;
            return total > 0 && r / total >= 0.8 ? Math.Max(0.0, r - g - b) : 0.0;
        }
    }
}

using System;

namespace Sentio.Behaviour
{
    /// <summary>Holds a colour if it, or its saturated red, would flash more than three times a second.</summary>
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

        /// <summary>Takes the requested linear colour, <paramref name="dt"/> seconds after the last.</summary>
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

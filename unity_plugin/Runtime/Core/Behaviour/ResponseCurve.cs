using System;

namespace Sentio.Behaviour
{
    /// <summary>Maps a value along a piecewise curve; beyond the ends the first and last values hold.</summary>
    public sealed class ResponseCurve
    {
        private readonly double[] _x;
        private readonly double[] _y;
        private readonly bool _smooth;

        /// <summary>A straight line from (0, 0) to (1, 1).</summary>
        public ResponseCurve() : this(new[] { 0.0, 1.0 }, new[] { 0.0, 1.0 }, false) { }

        /// <summary>Along points; at least one, with increasing <paramref name="x"/>.</summary>
        /// <exception cref="ArgumentException">There is no point, or the lengths differ.</exception>
        public ResponseCurve(double[] x, double[] y, bool smooth)
        {
            if (x == null || y == null || x.Length == 0 || x.Length != y.Length)
                throw new ArgumentException("got no points, or x and y of different lengths; expected at least one pair");
            _x = (double[])x.Clone();
            _y = (double[])y.Clone();
            _smooth = smooth;
        }

        /// <summary>The value at <paramref name="x"/>; NaN stays NaN.</summary>
        public double Step(double x)
        {
            if (double.IsNaN(x)) return double.NaN;
            if (x <= _x[0]) return _y[0];
            for (int i = 1; i < _x.Length; i++)
            {
                if (x >= _x[i]) continue;
                double along = (x - _x[i - 1]) / (_x[i] - _x[i - 1]);
                if (_smooth) along = along * along * (3 - 2 * along);
                return _y[i - 1] + (_y[i] - _y[i - 1]) * along;
            }
            return _y[_y.Length - 1];
        }
    }
}

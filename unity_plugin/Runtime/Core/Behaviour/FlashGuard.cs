namespace Sentio.Behaviour
{
    /// <summary>Holds a light if it would flash more than three times a second.</summary>
    public sealed class FlashGuard
    {
        private readonly Swings _swings = new Swings(0.1, 0.8);
        private double _now;

        /// <summary>Current relative luminance, 0..1; NaN before the first step.</summary>
        public double Value { get; private set; } = double.NaN;

        /// <summary>Returns the luminance that may be shown, <paramref name="dt"/> seconds after the last.</summary>
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
}

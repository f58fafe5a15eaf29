namespace Sentio.Behaviour
{
    /// <summary>From an affect value to a game's value: gate, dead band, curve, smoothing, slew limit.</summary>
    internal sealed class BindingChain
    {
        /// <summary>Trusts or not.</summary>
        public ConfidenceGate Gate = new ConfidenceGate();

        /// <summary>Ignores small movements.</summary>
        public DeadBand Band = new DeadBand(0);

        /// <summary>Shapes.</summary>
        public ResponseCurve Curve = new ResponseCurve();

        /// <summary>Follows gently.</summary>
        public Smoothing Smoothing = new Smoothing(0);

        /// <summary>Bounds the speed.</summary>
        public SlewLimit Slew = new SlewLimit(double.PositiveInfinity, double.PositiveInfinity);

        /// <summary>Takes an affect value and its confidence after <paramref name="dt"/> seconds; gives the game's value.</summary>
        public double Step(double dt, double value, double confidence)
        {
            double x = Curve.Step(Band.Step(Gate.Step(dt, value, confidence)));
            return Slew.Step(dt, Smoothing.Step(dt, x));
        }
    }
}

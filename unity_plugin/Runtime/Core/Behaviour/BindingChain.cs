namespace Sentio.Behaviour
{
    /// <summary>Maps an affect value to a game value: gate, dead band, curve, smoothing, slew limit.</summary>
    internal sealed class BindingChain
    {
        /// <summary>First step: confidence gate.</summary>
        public ConfidenceGate Gate = new ConfidenceGate();

        /// <summary>Second step: dead band.</summary>
        public DeadBand Band = new DeadBand(0);

        /// <summary>Third step: response curve.</summary>
        public ResponseCurve Curve = new ResponseCurve();

        /// <summary>Fourth step: smoothing.</summary>
        public Smoothing Smoothing = new Smoothing(0);

        /// <summary>Last step: slew limit.</summary>
        public SlewLimit Slew = new SlewLimit(double.PositiveInfinity, double.PositiveInfinity);

        /// <summary>Takes an affect value and its confidence after <paramref name="dt"/> seconds; returns the game
        /// value.</summary>
        public double Step(double dt, double value, double confidence)
        {
            double x = Curve.Step(Band.Step(Gate.Step(dt, value, confidence)));
            return Slew.Step(dt, Smoothing.Step(dt, x));
        }
    }
}

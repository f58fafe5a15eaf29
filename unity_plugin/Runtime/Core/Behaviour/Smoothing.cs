namespace Sentio.Behaviour
{
    /// <summary>Exponential smoothing, independent of the frame rate.</summary>
    public sealed class Smoothing
    {
        /// <summary>Time constant in seconds (63 % of a step); 0 for none.</summary>
        public double Seconds;

        /// <summary>Current output; NaN before the first step.</summary>
        public double Value { get; private set; }

        /// <summary>With a time constant.</summary>
        public Smoothing(double seconds) { Seconds = seconds; Value = double.NaN; }

        /// <summary>Takes <paramref name="x"/> after <paramref name="dt"/> seconds; NaN holds.</summary>
        public double Step(double dt, double x)
        {
            if (!Elapsed.IsFinite(x)) return Value;
            if (double.IsNaN(Value)) Value = x;
            else Value += (x - Value) * Elapsed.Share(dt, Seconds);
            return Value;
        }
    }
}

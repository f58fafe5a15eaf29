namespace Sentio.Behaviour
{
    /// <summary>Follows a value with a time constant, exactly at any frame rate.</summary>
    public sealed class Smoothing
    {
        /// <summary>Seconds after which 63 % of a step is gone; 0 follows at once.</summary>
        public double Seconds;

        /// <summary>What is given now; NaN before the first.</summary>
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

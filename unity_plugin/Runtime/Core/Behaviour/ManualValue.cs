namespace Sentio.Behaviour
{
    /// <summary>A value that a person holds for a time instead of the adaptation, with its author.</summary>
    internal sealed class ManualValue
    {
        private double _seconds;

        /// <summary>The held value; NaN for none.</summary>
        public double Value { get; private set; } = double.NaN;

        /// <summary>Its author.</summary>
        public string By { get; private set; } = "";

        /// <summary>Seconds for which it has been held.</summary>
        public double Held { get; private set; }

        /// <summary>Whether a value is held.</summary>
        public bool Active { get { return !double.IsNaN(Value); } }

        /// <summary>Holds a value for some seconds.</summary>
        public void Hold(double value, string by, double seconds)
        {
            Value = value;
            By = by ?? "";
            Held = 0;
            _seconds = seconds;
        }

        /// <summary>Ends it; returns the duration in seconds, NaN if nothing was held.</summary>
        public double Release()
        {
            double lasted = Active ? Held : double.NaN;
            Value = double.NaN;
            return lasted;
        }

        /// <summary>Counts seconds; returns the duration once when its time is over, else NaN.</summary>
        public double Step(double dt)
        {
            if (!Active) return double.NaN;
            Held += Elapsed.Of(dt);
            return Held >= _seconds ? Release() : double.NaN;
        }
    }
}

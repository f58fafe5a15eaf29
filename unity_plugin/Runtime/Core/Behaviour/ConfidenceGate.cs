using System;

namespace Sentio.Behaviour
{
    /// <summary>Passes a value while its confidence is high enough, else eases to neutral.</summary>
    /// <remarks>An unknown value is not 0: the last good value is held, then eases to <see cref="Neutral"/>.</remarks>
    public sealed class ConfidenceGate
    {
        /// <summary>Smallest confidence at which a value is used.</summary>
        public double Threshold = 0.1;

        /// <summary>Seconds for which the last good value is held.</summary>
        public double Hold = 1.0;

        /// <summary>Seconds from full weight to none, and back.</summary>
        public double Ease = 2.0;

        /// <summary>Output when nothing is known.</summary>
        public double Neutral;

        /// <summary>Current weight of the value, 0..1.</summary>
        public double Trust { get; private set; }

        private double _doubted;
        private double _good = double.NaN;

        /// <summary>Takes a value and its confidence, NaN if unknown.</summary>
        public double Step(double dt, double value, double confidence)
        {
            double time = Elapsed.Of(dt);
            if (Elapsed.IsFinite(value) && Elapsed.IsFinite(confidence) && confidence >= Threshold)
            {
                _good = value;
                _doubted = 0;
                Trust = Ease <= 0 ? 1.0 : Math.Min(1.0, Trust + time / Ease);
            }
            else
            {
                _doubted += time;
                if (_doubted > Hold) Trust = Ease <= 0 ? 0.0 : Math.Max(0.0, Trust - time / Ease);
            }
            return double.IsNaN(_good) ? Neutral : Neutral + (_good - Neutral) * Trust;
        }
    }
}

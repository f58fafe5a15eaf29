using System;

namespace Sentio.Behaviour
{
    /// <summary>Lets a value through while it is trusted, and eases to neutral when it is not.</summary>
    /// <remarks>Unknown is never 0: it first holds the last good value, then leads to <see cref="Neutral"/>.</remarks>
    public sealed class ConfidenceGate
    {
        /// <summary>Confidence from which a value is believed.</summary>
        public double Threshold = 0.1;

        /// <summary>Seconds for which the last good value stands in.</summary>
        public double Hold = 1.0;

        /// <summary>Seconds from full trust to none, and back.</summary>
        public double Ease = 2.0;

        /// <summary>What is given to a game that knows nothing.</summary>
        public double Neutral;

        /// <summary>0..1, how far the value is followed now.</summary>
        public double Trust { get; private set; }

        private double _doubted;
        private double _good = double.NaN;

        /// <summary>Takes a value and its confidence, both NaN where unknown.</summary>
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

using System;

namespace Sentio.Behaviour
{
    /// <summary>Current stage of the breath.</summary>
    public enum BreathStage
    {
        /// <summary>Breathe in.</summary>
        Inhale,

        /// <summary>Hold the breath.</summary>
        Hold,

        /// <summary>Breathe out.</summary>
        Exhale,

        /// <summary>Rest with empty lungs.</summary>
        Rest,
    }

    /// <summary>Paces a breath through inhale, hold, exhale and rest, from a start rate to a target rate.</summary>
    public sealed class BreathingPace
    {
        /// <summary>Share of a breath, in any unit: in.</summary>
        public double Inhale = 4.0;

        /// <summary>Share of a breath: hold.</summary>
        public double Hold;

        /// <summary>Share of a breath: out.</summary>
        public double Exhale = 6.0;

        /// <summary>Share of a breath: rest.</summary>
        public double Rest;

        /// <summary>Breaths a minute at the beginning.</summary>
        public double Start = 10.0;

        /// <summary>Target breathing rate per minute; most hearts resonate near 6 (Lehrer 2020).</summary>
        public double Target = 6.0;

        /// <summary>Seconds from the start rate to the target rate.</summary>
        public double Ramp = 60.0;

        /// <summary>Breaths a minute now; NaN before the first step.</summary>
        public double Rate { get; private set; } = double.NaN;

        /// <summary>Phase of the breath, 0..1.</summary>
        public double Phase { get; private set; }

        /// <summary>Target lung volume, 0..1.</summary>
        public double Volume { get; private set; }

        /// <summary>Current stage of the breath.</summary>
        public BreathStage Stage { get; private set; }

        private double _age;

        /// <summary>Advances by <paramref name="dt"/> seconds; returns <see cref="Volume"/>.</summary>
        public double Step(double dt)
        {
            double time = Elapsed.Of(dt);
            _age += time;
            double share = Ramp <= 0 ? 1.0 : Math.Min(1.0, _age / Ramp);
            Rate = Start + (Target - Start) * share;
            Phase += Rate / 60.0 * time;
            Phase -= Math.Floor(Phase);
            Place(Phase * (Inhale + Hold + Exhale + Rest));
            return Volume;
        }

        private void Place(double at)
        {
            if (at < Inhale) Set(BreathStage.Inhale, 0.5 - 0.5 * Math.Cos(Math.PI * at / Inhale));
            else if (at - Inhale < Hold) Set(BreathStage.Hold, 1.0);
            else if (at - Inhale - Hold < Exhale)
                Set(BreathStage.Exhale, 0.5 + 0.5 * Math.Cos(Math.PI * (at - Inhale - Hold) / Exhale));
            else Set(BreathStage.Rest, 0.0);
        }

        private void Set(BreathStage stage, double volume)
        {
            Stage = stage;
            Volume = volume;
        }
    }
}

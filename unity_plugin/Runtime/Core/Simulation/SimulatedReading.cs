using System;
using Sentio.Behaviour;

namespace Sentio.Simulation
{
    /// <summary>Affect entries of a simulated person.</summary>
    internal sealed class SimulatedReading
    {
        /// <summary>The simulated modalities, in the order of <see cref="Quality"/>: face, voice, body, eeg.</summary>
        public static readonly string[] Modalities = { "face", "voice", "body", "eeg" };

        /// <summary>Standard deviation of valence and arousal of the population prior.</summary>
        private const double PriorSd = 0.5;

        /// <summary>Width of an emotion in valence and arousal.</summary>
        private const double Reach = 0.38;

        private const int Body = 2;

        // Fusion weight of each simulated modality at full quality.
        private static readonly double[] Shares = { 0.35, 0.2, 0.3, 0.15 };

        // Valence and arousal of each emotion (after Russell and Mehrabian 1977), in the order of the vector: neutral,
        // happiness, surprise, sadness, anger, disgust, fear, contempt.
        private static readonly double[] EmotionValence = { 0, 0.75, 0.3, -0.6, -0.55, -0.65, -0.6, -0.5 };
        private static readonly double[] EmotionArousal = { -0.1, 0.4, 0.75, -0.4, 0.6, 0.3, 0.75, 0.1 };

        // Share of each dimension's uncertainty that real sensors remove, 0..1, by modality.
        private static readonly double[,] Evidence =
        {
            { 0.35, 0.12, 0, 0 }, { 0.4, 0.25, 0.4, 0.05 }, { 0.1, 0.2, 0, 0 }, { 0, 0, 0.22, 0.06 },
            { 0.08, 0, 0, 0.15 }, { 0, 0, 0.2, 0.15 }, { 0.04, 0, 0, 0.25 },
        };

        // Lowest and highest value of each dimension in a person's scenarios: the ends of its level.
        private static readonly double[] Low = { -0.6, -0.7, 0, 0.08, 0.08, 0.08, 0.12 };
        private static readonly double[] High = { 0.8, 0.75, 0, 0.9, 0.85, 0.92, 0.7 };

        // Seconds by which the estimate of a level follows the person.
        private static readonly double[] Delays = { 0.5, 0.5, 0.5, 1.5, 1.5, 1.5, 1.5, 1.5, 4 };

        private const int Dimensions = 7;
        private const int Dominance = 2;
        private const double FullConfidence = 0.7;
        private const double UniformSd = 0.29;

        private readonly double[] _near = new double[8];
        private bool _withEvidence;

        /// <summary>Gaps and delays of the sensors.</summary>
        public SimulatedSensors Sensors = new SimulatedSensors(1);

        /// <summary>Quality by modality, 0..1; 0 for no sensor.</summary>
        public readonly double[] Quality = { 0.9, 0.7, 0.95, 0 };

        /// <summary>Confidence with the best sensor quality, 0..1.</summary>
        public double Confidence = 0.7;

        /// <summary>Sets the known values of <paramref name="person"/>, fewer and less certain with poor sensors; their
        /// ages and confidences only if <paramref name="withEvidence"/>.</summary>
        public void Fill(SimulatedPerson person, AffectFrame frame, bool withEvidence)
        {
            for (int i = 0; i < AffectNames.Count; i++) frame.Set((AffectEntry)i, float.NaN);
            if (withEvidence) frame.HasEvidence = false;
            _withEvidence = withEvidence;
            for (int i = 0; i < Dimensions; i++) Dimension(person, frame, i);
            for (int i = 0; i < 3; i++) frame.Set(AffectEntry.MoodValence + i, (float)person.Mood((Level)i));
            if (frame.Has(AffectEntry.Valence) && frame.Has(AffectEntry.Arousal)) Emotions(frame);
            if (Quality[Body] * Sensors.Freshness(Body) > 0) Physiology(person, frame);
            Live(person, frame);
            Appraisals(frame);
            frame.Set(AffectEntry.Confidence, (float)(0.5 * (Sure(0) + Sure(1))));
            for (int i = 0; i < Shares.Length; i++)
            {
                if (Quality[i] <= 0 || Sensors.Freshness(i) <= 0) continue;
                frame.Set(AffectEntry.FaceWeight + 3 * i, (float)Weight(i));
                frame.Set(AffectEntry.FaceQuality + 3 * i, Sensors.Measures(i) ? (float)Quality[i] : 0f);
                frame.Set(AffectEntry.FaceAge + 3 * i, (float)Sensors.Age(i));
            }
        }

        /// <summary>The value of the dimension that a level ranks.</summary>
        public static double OfLevel(AffectEntry level, double rank)
        {
            int at = level - AffectEntry.ValenceLevel, i = at < Dominance ? at : at + 1;
            return Low[i] + (High[i] - Low[i]) * rank;
        }

        /// <summary>Fusion weight of a modality, 0..1.</summary>
        public double Weight(int modality)
        {
            double total = 0;
            for (int i = 0; i < Shares.Length; i++) total += Shares[i] * Quality[i];
            return total > 0 ? Shares[modality] * Quality[modality] / total : 0;
        }

        private void Dimension(SimulatedPerson person, AffectFrame frame, int i)
        {
            double sure = Sure(i), age = Youngest(i);
            if (sure <= 0 && !Sensors.Ideal) return;
            bool core = i <= Dominance;
            AffectEntry entry = core ? AffectEntry.Valence + i : AffectEntry.Stress + (i - 3);
            AffectEntry deviation = core ? AffectEntry.ValenceSd + i : AffectEntry.StressSd + (i - 3);
            double value = person.ValueBefore((Level)i, Delay(i));
            Put(frame, entry, value, age, sure);
            Put(frame, deviation, Math.Max((core ? PriorSd : 0.3) * (1 - sure), 0.02), age, sure);
            if (i == Dominance) return;
            int level = core ? i : i - 1;
            Put(frame, AffectEntry.ValenceLevel + level, Elapsed.Clamp((value - Low[i]) / (High[i] - Low[i]), 0, 1), age, sure);
            Put(frame, AffectEntry.ValenceLevelSd + level, Math.Max(UniformSd * (1 - sure), 0.02), age, sure);
        }

        private void Put(AffectFrame frame, AffectEntry entry, double value, double age, double sure)
        {
            frame.Set(entry, (float)value);
            if (_withEvidence) frame.SetEvidence(entry, (float)age, (float)sure);
        }

        // Confidence of a dimension, 0..1. 0.7, the default, is the table's.
        private double Sure(int dimension)
        {
            double missed = 1;
            for (int i = 0; i < Quality.Length; i++)
                missed *= 1 - (Sensors.Ideal ? 0.9 : Evidence[dimension, i]) * Quality[i] * Sensors.Freshness(i);
            return Elapsed.Clamp(Confidence * (1 - missed) / (Sensors.Ideal ? 1 : FullConfidence), 0, 1);
        }

        private double Delay(int level) { return Sensors.Ideal ? 0 : Delays[level]; }

        // Age of the newest evidence for a dimension.
        private double Youngest(int dimension)
        {
            double found = double.PositiveInfinity;
            for (int i = 0; i < Quality.Length; i++)
                if (Quality[i] > 0 && (Sensors.Ideal || Evidence[dimension, i] > 0)) found = Math.Min(found, Sensors.Age(i));
            return double.IsInfinity(found) ? double.NaN : found;
        }

        private void Emotions(AffectFrame frame)
        {
            double valence = frame.Value(AffectEntry.Valence), arousal = frame.Value(AffectEntry.Arousal), total = 0;
            for (int i = 0; i < _near.Length; i++)
            {
                double dv = valence - EmotionValence[i], da = arousal - EmotionArousal[i];
                _near[i] = Math.Exp(-(dv * dv + da * da) / (2 * Reach * Reach)) + 0.01;
                total += _near[i];
            }
            double entropy = 0;
            for (int i = 0; i < _near.Length; i++)
            {
                double share = _near[i] / total;
                frame.Set(AffectEntry.PNeutral + i, (float)share);
                entropy -= share * Math.Log(share);
            }
            frame.Set(AffectEntry.Entropy, (float)(entropy / Math.Log(_near.Length)));
        }

        private void Physiology(SimulatedPerson person, AffectFrame frame)
        {
            double age = Sensors.Age(Body), sure = 0.8 * Quality[Body] * Sensors.Freshness(Body);
            double relaxed = person.ValueBefore(Level.Relaxation, Delay((int)Level.Relaxation));
            double aroused = person.ValueBefore(Level.Arousal, Delay((int)Level.Arousal));
            Put(frame, AffectEntry.HeartRate, person.ValueBefore(Level.HeartRate, Delay((int)Level.HeartRate)), age, sure);
            Put(frame, AffectEntry.HeartRateSd, 2, age, sure);
            Put(frame, AffectEntry.BreathingRate, person.ValueBefore(Level.BreathingRate, Delay((int)Level.BreathingRate)), age, sure);
            Put(frame, AffectEntry.BreathingRateSd, 1, age, sure);
            Put(frame, AffectEntry.Rmssd, 18 + 46 * relaxed, age, sure);
            Put(frame, AffectEntry.Scl, 4 + 2.4 * (aroused + 1), age, sure);
            Put(frame, AffectEntry.ScrRate, 2 + 9 * Elapsed.Clamp(0.5 + 0.5 * aroused, 0, 1), age, sure);
        }

        // What is seen of this moment.
        private void Live(SimulatedPerson person, AffectFrame frame)
        {
            const int face = 0, voice = 1;
            if (Quality[face] > 0 && Sensors.Measures(face))
                frame.Set(AffectEntry.Smile, (float)Elapsed.Clamp(person.Value(Level.Valence), 0, 1));
            if (Quality[voice] > 0) frame.Set(AffectEntry.Speaking, Sensors.Measures(voice) ? 1f : 0f);
            if (Quality[Body] > 0 && Sensors.Measures(Body)) frame.Set(AffectEntry.BreathPhase, (float)((person.Breath + 0.5) % 1));
        }

        private static void Appraisals(AffectFrame frame)
        {
            // Unknown where what it is made of is unknown.
            double drive = 0.5 + 0.5 * frame.Value(AffectEntry.Arousal), liking = 0.5 + 0.5 * frame.Value(AffectEntry.Valence);
            double taken = frame.Value(AffectEntry.Engagement), strained = frame.Value(AffectEntry.Stress);
            frame.Set(AffectEntry.Flow, (float)Elapsed.Clamp(taken * (1 - strained) * (0.4 + liking), 0, 1));
            frame.Set(AffectEntry.Boredom, (float)Elapsed.Clamp((1 - taken) * (1 - drive), 0, 1));
            frame.Set(AffectEntry.Frustration, (float)Elapsed.Clamp(strained * (1 - liking) * (0.5 + 0.5 * taken), 0, 1));
            frame.Set(AffectEntry.Anxiety, (float)Elapsed.Clamp(strained * drive * (1 - liking) * 1.4, 0, 1));
        }
    }
}

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

        private readonly double[] _near = new double[8];

        /// <summary>Quality by modality, 0..1; 0 for no sensor.</summary>
        public readonly double[] Quality = { 0.9, 0.7, 0.95, 0 };

        /// <summary>Confidence with the best sensor quality, 0..1.</summary>
        public double Confidence = 0.7;

        /// <summary>Sets the known values of <paramref name="person"/>; fewer and less certain with poor
        /// sensors.</summary>
        public void Fill(SimulatedPerson person, AffectFrame frame)
        {
            for (int i = 0; i < AffectNames.Count; i++) frame.Set((AffectEntry)i, float.NaN);
            double sure = Sure();
            for (int i = 0; i < 3; i++)
            {
                frame.Set(AffectEntry.Valence + i, (float)person.Value((Level)i));
                frame.Set(AffectEntry.ValenceSd + i, (float)Math.Max(PriorSd * (1 - sure), 0.02));
                frame.Set(AffectEntry.MoodValence + i, (float)person.Mood((Level)i));
            }
            for (int i = 0; i < 4; i++)
            {
                frame.Set(AffectEntry.Stress + i, (float)person.Value(Level.Stress + i));
                frame.Set(AffectEntry.StressSd + i, (float)Math.Max(0.3 * (1 - sure), 0.02));
            }
            Emotions(frame);
            if (Quality[Body] > 0) Physiology(person, frame);
            Appraisals(frame);
            frame.Set(AffectEntry.Confidence, (float)sure);
            for (int i = 0; i < Shares.Length; i++)
            {
                if (Quality[i] <= 0) continue;
                frame.Set(AffectEntry.FaceWeight + 3 * i, (float)Weight(i));
                frame.Set(AffectEntry.FaceQuality + 3 * i, (float)Quality[i]);
                frame.Set(AffectEntry.FaceAge + 3 * i, 0.04f);
            }
        }

        /// <summary>Fusion weight of a modality, 0..1.</summary>
        public double Weight(int modality)
        {
            double total = 0;
            for (int i = 0; i < Shares.Length; i++) total += Shares[i] * Quality[i];
            return total > 0 ? Shares[modality] * Quality[modality] / total : 0;
        }

        private double Sure()
        {
            double missed = 1;
            foreach (double quality in Quality) missed *= 1 - 0.9 * quality;
            return Confidence * (1 - missed);
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

        private static void Physiology(SimulatedPerson person, AffectFrame frame)
        {
            double arousal = frame.Value(AffectEntry.Arousal);
            frame.Set(AffectEntry.HeartRate, (float)person.Value(Level.HeartRate));
            frame.Set(AffectEntry.BreathingRate, (float)person.Value(Level.BreathingRate));
            frame.Set(AffectEntry.Rmssd, (float)(18 + 46 * person.Value(Level.Relaxation)));
            frame.Set(AffectEntry.Scl, (float)(4 + 2.4 * (arousal + 1)));
            frame.Set(AffectEntry.ScrRate, (float)(2 + 9 * Elapsed.Clamp(0.5 + 0.5 * arousal, 0, 1)));
        }

        private static void Appraisals(AffectFrame frame)
        {
            double drive = 0.5 + 0.5 * frame.Value(AffectEntry.Arousal), liking = 0.5 + 0.5 * frame.Value(AffectEntry.Valence);
            double taken = frame.Value(AffectEntry.Engagement), strained = frame.Value(AffectEntry.Stress);
            frame.Set(AffectEntry.Flow, (float)Elapsed.Clamp(taken * (1 - strained) * (0.4 + liking), 0, 1));
            frame.Set(AffectEntry.Boredom, (float)Elapsed.Clamp((1 - taken) * (1 - drive), 0, 1));
            frame.Set(AffectEntry.Frustration, (float)Elapsed.Clamp(strained * (1 - liking) * (0.5 + 0.5 * taken), 0, 1));
            frame.Set(AffectEntry.Anxiety, (float)Elapsed.Clamp(strained * drive * (1 - liking) * 1.4, 0, 1));
        }
    }
}

using System;
using System.Collections.Generic;
using Sentio.Behaviour;

namespace Sentio.Simulation
{
    /// <summary>Action units of a simulated person, as the sidecar's simulator moves its face (PROTOCOL.md,
    /// section 5).</summary>
    /// <remarks>Pleasant moments smile with cheeks and eyes (AU6 and AU12), unpleasant ones lower the brows and the lip
    /// corners (AU4 and AU15), arousal widens the eyes (AU5), stress raises the inner brows and presses the lips, after
    /// Ekman and Friesen's FACS (1978).</remarks>
    internal static class SimulatedFace
    {
        private const int Face = 0, Voice = 1;

        // Least quality of a face whose movements are sent, as in the sidecar.
        private const double LeastQuality = 0.3;

        // Seconds from one blink to the next, and from its begin to its end; syllables a second.
        private const double BlinkEvery = 3.7;
        private const double BlinkLasts = 0.3;
        private const double Syllables = 3.1;

        /// <summary>Strength of each movement now, 0..1, by FACS name; empty without a face in view.</summary>
        public static Dictionary<string, object> Units(SimulatedPerson person, SimulatedReading reading)
        {
            var all = new Dictionary<string, object>();
            if (reading.Quality[Face] < LeastQuality || !reading.Sensors.Measures(Face)) return all;
            double pleasant = Elapsed.Clamp(person.Value(Level.Valence), 0, 1);
            double unpleasant = Elapsed.Clamp(-person.Value(Level.Valence), 0, 1);
            double aroused = Elapsed.Clamp(person.Value(Level.Arousal), 0, 1);
            double strained = person.Value(Level.Stress), jaw = Jaw(person, reading);
            // A tracker reports movements that the person never makes at 0.
            foreach (SentioActionUnit unit in Enum.GetValues(typeof(SentioActionUnit))) Put(all, unit, 0);
            Put(all, SentioActionUnit.InnerBrowRaiser, 0.05 + 0.3 * strained);
            Put(all, SentioActionUnit.OuterBrowRaiser, 0.2 * aroused);
            Put(all, SentioActionUnit.BrowLowerer, 0.6 * unpleasant);
            Put(all, SentioActionUnit.UpperLidRaiser, 0.25 * aroused);
            Put(all, SentioActionUnit.CheekRaiser, 0.65 * pleasant);
            Put(all, SentioActionUnit.LidTightener, 0.2 + 0.4 * pleasant);
            Put(all, SentioActionUnit.NoseWrinkler, 0.15 * unpleasant);
            Put(all, SentioActionUnit.UpperLipRaiser, 0.1 * pleasant + 0.2 * jaw);
            Put(all, SentioActionUnit.LipCornerPuller, pleasant);
            Put(all, SentioActionUnit.Dimpler, 0.2 * pleasant);
            Put(all, SentioActionUnit.LipCornerDepressor, 0.45 * unpleasant);
            Put(all, SentioActionUnit.LowerLipDepressor, 0.5 * jaw);
            Put(all, SentioActionUnit.LipStretcher, 0.15 * strained);
            Put(all, SentioActionUnit.LipPressor, 0.35 * strained);
            Put(all, SentioActionUnit.JawDrop, jaw);
            Put(all, SentioActionUnit.Blink, Blink(person.Time));
            return all;
        }

        private static void Put(Dictionary<string, object> all, SentioActionUnit unit, double strength)
        {
            all["AU" + (int)unit] = strength;
        }

        private static double Jaw(SimulatedPerson person, SimulatedReading reading)
        {
            if (reading.Quality[Voice] <= 0 || !reading.Sensors.Measures(Voice)) return 0.02;
            return 0.15 + 0.13 * Math.Sin(2 * Math.PI * Syllables * person.Time);
        }

        private static double Blink(double time)
        {
            double since = time % BlinkEvery;
            return 0.06 + (since < BlinkLasts ? 0.84 * Math.Sin(Math.PI * since / BlinkLasts) : 0);
        }
    }
}

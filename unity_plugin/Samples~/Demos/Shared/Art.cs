using UnityEngine;
using UnityEngine.Rendering;

namespace Sentio.Demos
{
    /// <summary>Builds objects from primitives and plain colours, for any render pipeline.</summary>
    public static class Art
    {
        /// <summary>A primitive without a collider.</summary>
        public static Transform Shape(PrimitiveType type, Transform parent, Vector3 at, Vector3 size, Material paint)
        {
            GameObject made = GameObject.CreatePrimitive(type);
            var body = made.GetComponent<Collider>();
            if (body) Object.Destroy(body);
            made.GetComponent<Renderer>().sharedMaterial = paint;
            made.transform.SetParent(parent, false);
            made.transform.localPosition = at;
            made.transform.localScale = size;
            return made.transform;
        }

        /// <summary>A material of one colour; with <paramref name="glow"/> it shines by itself.</summary>
        public static Material Paint(Color tone, float glow)
        {
            var paint = new Material(Ground());
            Tint(paint, tone, glow);
            return paint;
        }

        /// <summary>Gives a material another colour.</summary>
        public static void Tint(Material paint, Color tone, float glow)
        {
            if (paint.HasProperty("_BaseColor")) paint.SetColor("_BaseColor", tone);
            if (paint.HasProperty("_Color")) paint.SetColor("_Color", tone);
            if (glow <= 0) return;
            paint.EnableKeyword("_EMISSION");
            if (paint.HasProperty("_EmissionColor")) paint.SetColor("_EmissionColor", tone * glow);
        }

        /// <summary>A lamp.</summary>
        public static Light Lamp(LightType type, Transform parent, Vector3 at, Color tone, float intensity)
        {
            var made = new GameObject("Lamp");
            made.transform.SetParent(parent, false);
            made.transform.localPosition = at;
            var lamp = made.AddComponent<Light>();
            lamp.type = type;
            lamp.color = tone;
            lamp.intensity = intensity;
            lamp.range = 18;
            return lamp;
        }

        // The pipeline's own default, or else what a primitive comes with.
        private static Material Ground()
        {
            RenderPipelineAsset pipeline = GraphicsSettings.currentRenderPipeline;
            if (pipeline && pipeline.defaultMaterial) return pipeline.defaultMaterial;
            GameObject sample = GameObject.CreatePrimitive(PrimitiveType.Cube);
            sample.SetActive(false);
            Material own = sample.GetComponent<Renderer>().sharedMaterial;
            Object.Destroy(sample);
            return own;
        }
    }
}
